import type { UserId } from '../model/ids.js';
import type {
  GrantRefusal,
  SessionLimitExceeded,
  TooManySessions,
  TooManyWaiters,
} from '../model/outcome.js';
import type { Transition } from '../transition.js';
import { makeRoomForSession } from './session-memory.js';

/** Why the user may not be granted one more lock; null if it may. */
export function refusalOfGrant({ state, options, now }: Transition, userId: UserId): GrantRefusal | null {
  const { maxLocks, maxLocksPerUser: limit } = options;
  const isUsedUp =
    state.leaseCountOf(userId) >= limit &&
    // What is overdue does not count, and need not be looked for unless a sweep is behind.
    !(state.isAnythingDue(now) && state.liveLeaseCountOf(userId, now) < limit);
  if (isUsedUp) return { kind: 'lock_limit_exceeded', limit };
  if (state.leaseCount >= maxLocks) return { kind: 'too_many_locks', limit: maxLocks };
  return state.hasNumbersForGrant ? null : { kind: 'numbers_exhausted' };
}

/** Why no more requests of the user may wait; null if there is room for one. */
export function refusalOfTicket({ state, options }: Transition, userId: UserId): TooManyWaiters | null {
  const { maxWaiters, maxWaitersPerUser } = options;
  if (state.waiterCountOf(userId) >= maxWaitersPerUser) {
    return { kind: 'too_many_waiters', of: 'user', limit: maxWaitersPerUser };
  }
  if (state.waiterCount < maxWaiters) return null;
  return { kind: 'too_many_waiters', of: 'everybody', limit: maxWaiters };
}

/** Why the user may not open one more session; null if there is room for it now. */
export function refusalOfSession(
  transition: Transition,
  userId: UserId,
): SessionLimitExceeded | TooManySessions | null {
  const { state, options, now } = transition;
  const { maxSessions, maxSessionsPerUser: limit } = options;
  const isUsedUp =
    state.activeSessionCountOf(userId) >= limit &&
    !(state.isAnythingDue(now) && state.aliveSessionCountOf(userId, now) < limit);
  if (isUsedUp) return { kind: 'session_limit_exceeded', limit };
  return makeRoomForSession(transition) ? null : { kind: 'too_many_sessions', limit: maxSessions };
}
