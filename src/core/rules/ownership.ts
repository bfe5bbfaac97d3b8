import type { LeaseReference } from '../model/command.js';
import type { LeaseId, SessionId, UserId } from '../model/ids.js';
import type { Lease } from '../model/lease.js';
import type { LockName } from '../model/lock-name.js';
import type { NotYours, SessionExpired, SessionNotFound } from '../model/outcome.js';
import { isAlive, type Session } from '../model/session.js';
import type { Transition } from '../transition.js';
import { whyBroken } from './broken.js';
import { expireSession } from './end-session.js';
import { currentLock, expireLease } from './expiry.js';

type OwnLease = { readonly kind: 'found'; readonly lease: Lease } | NotYours;

/** The lease that the user asks to renew or release. It must be alive, and hold the lock if one is named. */
export function ownLease(transition: Transition, { lockName, userId, leaseId }: LeaseReference): OwnLease {
  if (lockName !== null) {
    const lock = currentLock(transition, lockName);
    const lease = lock && transition.state.leaseWithId(lock, userId, leaseId);
    return lease === null ? notFound(transition, userId, leaseId, [lockName]) : { kind: 'found', lease };
  }
  endOverdueWithId(transition, userId, leaseId);
  const [lease, ...more] = transition.state.keptLeasesWithId(userId, leaseId);
  if (more.length > 0) return { kind: 'ambiguous_lease_id' };
  return lease === undefined ? notFound(transition, userId, leaseId, null) : { kind: 'found', lease };
}

function notFound(
  transition: Transition,
  userId: UserId,
  leaseId: LeaseId,
  lockNames: readonly LockName[] | null,
): NotYours {
  return whyBroken(transition, userId, leaseId, lockNames) ?? { kind: 'lock_not_found' };
}

function endOverdueWithId(transition: Transition, userId: UserId, leaseId: LeaseId): void {
  const { state, now } = transition;
  for (;;) {
    const leases = state.keptLeasesWithId(userId, leaseId);
    const overdue = leases.find((lease) => !state.isLeaseAlive(lease, now));
    if (overdue === undefined) return;
    expireLease(transition, overdue);
  }
}

type OwnSession = { readonly kind: 'alive'; readonly session: Session } | SessionNotFound | SessionExpired;

/** The user's session if it is alive. If it is overdue, this ends it. */
export function ownSession(transition: Transition, sessionId: SessionId, userId: UserId): OwnSession {
  const session = transition.state.session(sessionId);
  if (session === null || session.userId !== userId) return { kind: 'session_not_found' };
  if (isAlive(session, transition.now)) return { kind: 'alive', session };
  if (session.state === 'active') expireSession(transition, session);
  return { kind: 'session_expired' };
}
