import type { SessionId, UserId } from './ids.js';
import { isPast, type Instant } from './time.js';

export interface Session {
  readonly sessionId: SessionId;
  readonly userId: UserId;
  readonly ttlSeconds: number;
  /** An expired session is remembered for a while, so that its client can be told. */
  readonly state: 'active' | 'expired';
  /**
   * If active, the last instant at which the session is certain to be alive. If expired, the instant after which it is
   * forgotten.
   */
  readonly deadline: Instant;
  /** The id of the token with scopes that opened it. Null if the token had none. */
  readonly madeWith: string | null;
}

/** Whether the session is alive. This depends on its deadline only. It does not matter whether a sweep has already found it. */
export function isAlive(session: Session, now: Instant): boolean {
  return session.state === 'active' && !isPast(session.deadline, now);
}
