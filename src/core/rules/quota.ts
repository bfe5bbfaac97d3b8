import type { UserId } from '../model/ids.js';
import type { FenceRefusal, GrantRefusal, SessionLimitExceeded, TooManySessions } from '../model/outcome.js';
import { limitFor } from '../model/quotas.js';
import type { Transition } from '../transition.js';
import { makeRoomForSession } from './session-memory.js';

/** Why the user cannot be granted so many more locks. Null if there is no reason. */
export function refusalOfGrant(
  { state, quotas, now }: Transition,
  userId: UserId,
  locks: number,
): GrantRefusal | null {
  const { maxLocks } = quotas;
  const limit = limitFor(userId, 'maxLocksPerUser', quotas);
  const isLimitReached =
    state.lockCountOf(userId) + locks > limit &&
    // Overdue leases do not count. Counting the live ones takes longer, so do it only if something is overdue.
    !(state.isAnyDeadlinePast(now) && state.liveLockCountOf(userId, now) + locks <= limit);
  if (isLimitReached) return { kind: 'lock_limit_exceeded', limit };
  if (state.lockCount + state.coolingCount + locks > maxLocks)
    return { kind: 'too_many_locks', limit: maxLocks };
  return state.hasNumbersForGrant(locks) ? null : { kind: 'numbers_exhausted' };
}

/** Why the user cannot open another session. Null if there is no reason. May forget an expired session to make room. */
export function refusalOfSession(
  transition: Transition,
  userId: UserId,
): SessionLimitExceeded | TooManySessions | null {
  const { state, quotas, now } = transition;
  const { maxSessions } = quotas;
  const limit = limitFor(userId, 'maxSessionsPerUser', quotas);
  const isLimitReached =
    state.activeSessionCountOf(userId) >= limit &&
    !(state.isAnyDeadlinePast(now) && state.liveSessionCountOf(userId, now) < limit);
  if (isLimitReached) return { kind: 'session_limit_exceeded', limit };
  return makeRoomForSession(transition) ? null : { kind: 'too_many_sessions', limit: maxSessions };
}

/** Why the user cannot create another fence. Null if there is no reason. */
export function refusalOfFence({ state, quotas }: Transition, userId: UserId): FenceRefusal | null {
  const { maxFences, maxFencesPerUser: limit } = quotas;
  if (state.fenceCountOf(userId) >= limit) return { kind: 'fence_limit_exceeded', limit };
  return state.fenceCount < maxFences ? null : { kind: 'too_many_fences', limit: maxFences };
}
