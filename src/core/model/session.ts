import type { SessionId, UserId } from './ids.js';
import { isPast, type Instant } from './time.js';

export interface Session {
  readonly sessionId: SessionId;
  readonly userId: UserId;
  readonly ttlSeconds: number;
  /** An expired session is kept for a while, so that its client learns what happened. */
  readonly state: 'active' | 'expired';
  /** Active: the last instant at which the session is certainly alive. Expired: when it may be forgotten. */
  readonly deadline: Instant;
}

/** Expiry is a predicate: a session past its deadline counts as expired whether or not a sweep has met it. */
export function isAlive(session: Session, now: Instant): boolean {
  return session.state === 'active' && !isPast(session.deadline, now);
}
