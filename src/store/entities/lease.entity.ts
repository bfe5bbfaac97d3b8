import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('leases')
export class LeaseEntity {
  @PrimaryColumn('integer', { name: 'fencing_token' })
  fencingToken!: number;

  @Column('text', { name: 'lock_name' })
  lockName!: string;

  @Column('text', { name: 'lease_id' })
  leaseId!: string;

  @Column('text', { name: 'user_id' })
  userId!: string;

  @Column('text', { name: 'session_id', nullable: true })
  sessionId!: string | null;

  @Column('integer', { name: 'ttl_seconds' })
  ttlSeconds!: number;

  /** An instant of the time line. */
  @Column('integer')
  deadline!: number;

  @Column('text', { nullable: true })
  metadata!: string | null;
}
