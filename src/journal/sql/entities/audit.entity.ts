import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { AuditRow } from '../../rows/audit-row.js';

@Entity('audit_records')
export class AuditEntity implements AuditRow {
  @PrimaryColumn('integer', { name: 'number' })
  number!: number;

  @Column('text', { name: 'record' })
  record!: string;

  @Column('text', { name: 'hash' })
  hash!: string;
}
