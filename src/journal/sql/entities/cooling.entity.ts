import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { CoolingRow } from '../../rows/cooling-row.js';

@Entity('coolings')
export class CoolingEntity implements CoolingRow {
  @PrimaryColumn('text', { name: 'lock_name' })
  lockName!: string;

  @Column('text', { name: 'user_id' })
  userId!: string;

  @Column('integer', { name: 'fencing_token' })
  fencingToken!: number;

  @Column('integer')
  until!: number;
}
