import type { Lease } from '../model/lease.js';
import type { LockName } from '../model/lock-name.js';
import { isPast } from '../model/time.js';
import type { Lock } from '../state/records.js';
import type { Transition } from '../transition.js';
import { expireSession } from './end-session.js';
import { endCooling, endLease } from './hand-over.js';

/**
 * The lock as it is now, or null if it is free and no one waits for it. Ends overdue leases and a cooling that is over first, so that
 * waiting clients get the lock before a new request does.
 */
export function currentLock(transition: Transition, lockName: LockName): Lock | null {
  const { state, now } = transition;
  for (;;) {
    const lock = state.lock(lockName);
    if (lock === null) return null;
    const overdue = state.overdueLease(lock, now);
    if (overdue !== null) expireLease(transition, overdue);
    else if (lock.cooling !== null && isPast(lock.cooling.deadline, now))
      endCooling(transition, lock.cooling.cooling);
    else return lock;
  }
}

/** Ends an overdue lease. If it is overdue because of its session, this ends the whole session. */
export function expireLease(transition: Transition, lease: Lease): void {
  const { sessionId } = lease.holder;
  const session = sessionId === null ? null : transition.state.session(sessionId);
  if (!isPast(lease.deadline, transition.now) && session !== null) expireSession(transition, session);
  else endLease(transition, lease, 'expired');
}
