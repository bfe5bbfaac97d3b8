import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The one row about the server itself. */
@Entity('server')
export class ServerEntity {
  /** Always 1. */
  @PrimaryColumn('integer')
  id!: number;

  /** Number of the process start that may write. */
  @Column('integer')
  epoch!: number;

  @Column('integer', { name: 'last_fencing_token' })
  lastFencingToken!: number;

  @Column('integer', { name: 'last_sequence' })
  lastSequence!: number;

  /** Events up to this sequence are no longer part of the log; the last of their rows may still be on their way out. */
  @Column('integer', { name: 'pruned_through' })
  prunedThrough!: number;

  /** Where a restore continued the log; clients that have seen less may have seen another history. */
  @Column('integer', { name: 'restored_at' })
  restoredAt!: number;

  /** The instant of the last commit; the time line never starts before it. */
  @Column('integer', { name: 'last_instant' })
  lastInstant!: number;

  /** The boot of the machine in which `monotonicOffset` holds; null where machines have no such id. */
  @Column('text', { name: 'boot_id', nullable: true })
  bootId!: string | null;

  /** Instant minus monotonic clock, in milliseconds. */
  @Column('integer', { name: 'monotonic_offset' })
  monotonicOffset!: number;

  /** Wall clock minus instant, in milliseconds; not 0 once the wall clock was set while the server ran. */
  @Column('integer', { name: 'wall_skew' })
  wallSkew!: number;
}
