import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { UsedStateRow } from '../../rows/used-state-row.js';

@Entity('used_states')
export class UsedStateEntity implements UsedStateRow {
  @PrimaryColumn('text', { name: 'state_hash' })
  stateHash!: string;

  @Column('integer', { name: 'expires_at' })
  expiresAt!: number;
}
