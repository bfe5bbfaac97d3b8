export interface SessionRow {
  sessionId: string;

  userId: string;

  ttlSeconds: number;

  state: 'active' | 'expired';

  /** An instant of the timeline. */
  deadline: number;

  /** The id of the token with scopes that opened it. Null if the token had none. */
  madeWith: string | null;
}
