import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { BrokenLeaseRow } from '../../rows/broken-lease-row.js';

@Entity('broken_leases')
export class BrokenLeaseEntity implements BrokenLeaseRow {
  @PrimaryColumn('integer', { name: 'fencing_token' })
  fencingToken!: number;

  @Column('text', { name: 'lease_id' })
  leaseId!: string;

  @Column('text', { name: 'user_id' })
  userId!: string;

  @Column('text', { name: 'lock_names' })
  lockNames!: string;

  @Column('text', { name: 'broken_by', nullable: true })
  brokenBy!: string | null;

  @Column('text')
  reason!: string;

  @Column('integer', { name: 'broken_at' })
  brokenAt!: number;
}
