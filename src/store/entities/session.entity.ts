import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('sessions')
export class SessionEntity {
  @PrimaryColumn('text', { name: 'session_id' })
  sessionId!: string;

  @Column('text', { name: 'user_id' })
  userId!: string;

  @Column('integer', { name: 'ttl_seconds' })
  ttlSeconds!: number;

  @Column('text')
  state!: 'active' | 'expired';

  /** An instant of the time line. */
  @Column('integer')
  deadline!: number;
}
