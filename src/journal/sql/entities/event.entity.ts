import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { EventRow } from '../../rows/event-row.js';

@Entity('events')
export class EventEntity implements EventRow {
  @PrimaryColumn('integer')
  sequence!: number;

  @Column('text')
  type!: EventRow['type'];

  @Column('text', { name: 'lock_name' })
  lockName!: string;

  @Column('text', { name: 'user_id' })
  userId!: string;

  @Column('text', { name: 'session_id', nullable: true })
  sessionId!: string | null;

  @Column('integer', { name: 'fencing_token' })
  fencingToken!: number;

  @Column('integer', { name: 'expires_at', nullable: true })
  expiresAt!: number | null;

  @Column('text', { nullable: true })
  metadata!: string | null;

  @Column('integer', { name: 'occurred_at' })
  occurredAt!: number;

  @Column('text', { nullable: true })
  details!: string | null;
}
