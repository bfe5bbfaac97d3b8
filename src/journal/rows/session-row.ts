export interface SessionRow {
  sessionId: string;

  userId: string;

  ttlSeconds: number;

  state: 'active' | 'expired';

  /** An instant of the timeline. */
  deadline: number;
}
