import type { AcquireRequest } from '../model/command.js';
import type { LeaseId, SessionId, UserId } from '../model/ids.js';
import type { Holder, Lease } from '../model/lease.js';
import type { LockName } from '../model/lock-name.js';
import type { SessionExpired, SessionNotFound } from '../model/outcome.js';
import { isAlive, type Session } from '../model/session.js';
import type { LeaseRecord, Lock } from '../state/records.js';
import type { Transition } from '../transition.js';
import { expireSession } from './end-session.js';
import { presentLock } from './expiry.js';

interface LeaseOfCaller {
  readonly lockName: LockName;
  readonly userId: UserId;
  readonly leaseId: LeaseId;
}

/** The lease that a user means to renew or release. Null if the lock is not held under it, or not by that user. */
export function ownLease(transition: Transition, { lockName, userId, leaseId }: LeaseOfCaller): Lease | null {
  const lock = presentLock(transition, lockName);
  const isOwn = ({ lease }: LeaseRecord): boolean =>
    lease.leaseId === leaseId && lease.holder.userId === userId;
  return lock?.leases.find(isOwn)?.lease ?? null;
}

/** The lease that a request asks for once more. A holder that chose a lease id means that lease and no other. */
export function leaseAskedForAgain(lock: Lock, request: AcquireRequest): Lease | null {
  const isMeant = ({ lease }: LeaseRecord): boolean =>
    (!request.leaseIdChosen || request.leaseId === lease.leaseId) &&
    isSameHolder(lease.holder, request.holder);
  return lock.leases.find(isMeant)?.lease ?? null;
}

type OwnSession = { readonly kind: 'alive'; readonly session: Session } | SessionNotFound | SessionExpired;

/** The user's session if it is alive; one that is overdue ends here and now. */
export function ownSession(transition: Transition, sessionId: SessionId, userId: UserId): OwnSession {
  const session = transition.state.session(sessionId);
  if (session === null || session.userId !== userId) return { kind: 'session_not_found' };
  if (isAlive(session, transition.now)) return { kind: 'alive', session };
  if (session.state === 'active') expireSession(transition, session);
  return { kind: 'session_expired' };
}

/** Two sessions of one user are two holders. */
function isSameHolder(a: Holder, b: Holder): boolean {
  return a.userId === b.userId && a.sessionId === b.sessionId;
}
