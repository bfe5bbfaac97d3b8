import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ServerRow } from '../../rows/server-row.js';

@Entity('server')
export class ServerEntity implements ServerRow {
  @PrimaryColumn('integer')
  id!: number;

  @Column('integer')
  epoch!: number;

  @Column('integer', { name: 'last_fencing_token' })
  lastFencingToken!: number;

  @Column('integer', { name: 'last_sequence' })
  lastSequence!: number;

  @Column('integer', { name: 'pruned_through' })
  prunedThrough!: number;

  @Column('integer', { name: 'restored_at' })
  restoredAt!: number;

  @Column('integer', { name: 'last_instant' })
  lastInstant!: number;

  @Column('text', { name: 'boot_id', nullable: true })
  bootId!: string | null;

  @Column('integer', { name: 'monotonic_offset' })
  monotonicOffset!: number;

  @Column('integer', { name: 'wall_skew' })
  wallSkew!: number;

  /** Not a column. Only an engine that several processes can connect to has one. */
  graces: string | null = null;
}
