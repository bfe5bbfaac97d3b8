import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { SessionRow } from '../../rows/session-row.js';

@Entity('sessions')
export class SessionEntity implements SessionRow {
  @PrimaryColumn('text', { name: 'session_id' })
  sessionId!: string;

  @Column('text', { name: 'user_id' })
  userId!: string;

  @Column('integer', { name: 'ttl_seconds' })
  ttlSeconds!: number;

  @Column('text')
  state!: SessionRow['state'];

  @Column('integer')
  deadline!: number;

  @Column('text', { name: 'made_with', nullable: true })
  madeWith!: string | null;
}
