import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { MembershipRow } from '../../rows/membership-row.js';

@Entity('memberships')
export class MembershipEntity implements MembershipRow {
  @PrimaryColumn('text', { name: 'user_id' })
  userId!: string;

  @Column('text')
  groups!: string;

  @Column('text')
  basis!: MembershipRow['basis'];

  @Column('text')
  state!: MembershipRow['state'];

  @Column('text', { nullable: true })
  credential!: string | null;

  @Column('integer', { name: 'checked_at' })
  checkedAt!: number;

  @Column('integer', { name: 'after_sequence' })
  afterSequence!: number;
}
