import type { Lease } from '../model/lease.js';
import type { LockName } from '../model/lock-name.js';
import { isPast } from '../model/time.js';
import type { Lock } from '../state/records.js';
import type { Transition } from '../transition.js';
import { expireSession } from './end-session.js';
import { endLease } from './hand-over.js';

/**
 * The lock as it is at this instant: overdue leases are ended first, so that those who wait get it before any newcomer does.
 * Null if it is neither held nor waited for.
 */
export function presentLock(transition: Transition, lockName: LockName): Lock | null {
  const { state, now } = transition;
  for (;;) {
    const lock = state.lock(lockName);
    const overdue = lock === null ? null : state.overdueLease(lock, now);
    if (overdue === null) return lock;
    expireLease(transition, overdue);
  }
}

/** Ends an overdue lease: by its own deadline, or else because its session's has passed. */
export function expireLease(transition: Transition, lease: Lease): void {
  const { sessionId } = lease.holder;
  const session = sessionId === null ? null : transition.state.session(sessionId);
  if (!isPast(lease.deadline, transition.now) && session !== null) expireSession(transition, session);
  else endLease(transition, lease, 'expired');
}
