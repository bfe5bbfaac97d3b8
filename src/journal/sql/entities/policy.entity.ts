import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { PolicyRow } from '../../rows/policy-row.js';

@Entity('policies')
export class PolicyEntity implements PolicyRow {
  @PrimaryColumn('integer', { name: 'version' })
  version!: number;

  @Column('text', { name: 'text', nullable: true })
  text!: string | null;

  @Column('text', { name: 'applied_by', nullable: true })
  appliedBy!: string | null;

  @Column('integer', { name: 'applied_at' })
  appliedAt!: number;

  @Column('integer', { name: 'after_sequence' })
  afterSequence!: number;
}
