import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { FenceRow } from '../../rows/fence-row.js';

@Entity('fences')
export class FenceEntity implements FenceRow {
  @PrimaryColumn('text')
  name!: string;

  @Column('text', { name: 'user_id' })
  userId!: string;

  @Column('integer')
  highest!: number;
}
