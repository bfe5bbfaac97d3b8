import type { UserId } from '../model/ids.js';
import type {
  GrantRefusal,
  SessionLimitExceeded,
  TooManySessions,
  TooManyWaiters,
} from '../model/outcome.js';
import type { Transition } from '../transition.js';
import { makeRoomForSession } from './session-memory.js';

/** Why the user cannot be granted another lock. Null if there is no reason. */
export function refusalOfGrant({ state, quotas, now }: Transition, userId: UserId): GrantRefusal | null {
  const { maxLocks, maxLocksPerUser: limit } = quotas;
  const isLimitReached =
    state.leaseCountOf(userId) >= limit &&
    // Overdue leases do not count. Counting the live ones takes longer, so do it only if something is overdue.
    !(state.isAnythingDue(now) && state.liveLeaseCountOf(userId, now) < limit);
  if (isLimitReached) return { kind: 'lock_limit_exceeded', limit };
  if (state.leaseCount >= maxLocks) return { kind: 'too_many_locks', limit: maxLocks };
  return state.hasNumbersForGrant ? null : { kind: 'numbers_exhausted' };
}

/** Why another request of the user cannot wait. Null if there is no reason. */
export function refusalOfTicket({ state, quotas }: Transition, userId: UserId): TooManyWaiters | null {
  const { maxWaiters, maxWaitersPerUser } = quotas;
  if (state.waiterCountOf(userId) >= maxWaitersPerUser) {
    return { kind: 'too_many_waiters', of: 'user', limit: maxWaitersPerUser };
  }
  if (state.waiterCount < maxWaiters) return null;
  return { kind: 'too_many_waiters', of: 'all_users', limit: maxWaiters };
}

/** Why the user cannot open another session. Null if there is no reason. May forget an expired session to make room. */
export function refusalOfSession(
  transition: Transition,
  userId: UserId,
): SessionLimitExceeded | TooManySessions | null {
  const { state, quotas, now } = transition;
  const { maxSessions, maxSessionsPerUser: limit } = quotas;
  const isLimitReached =
    state.activeSessionCountOf(userId) >= limit &&
    !(state.isAnythingDue(now) && state.liveSessionCountOf(userId, now) < limit);
  if (isLimitReached) return { kind: 'session_limit_exceeded', limit };
  return makeRoomForSession(transition) ? null : { kind: 'too_many_sessions', limit: maxSessions };
}
