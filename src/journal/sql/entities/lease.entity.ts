import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { LeaseRow } from '../../rows/lease-row.js';

@Entity('leases')
export class LeaseEntity implements LeaseRow {
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

  @Column('integer')
  deadline!: number;

  @Column('text', { nullable: true })
  metadata!: string | null;

  @Column('text', { nullable: true })
  terms!: string | null;
}
