import type { AcquireRequest } from '../model/command.js';
import type { LeaseId, SessionId, UserId } from '../model/ids.js';
import type { Holder, Lease } from '../model/lease.js';
import type { LockName } from '../model/lock-name.js';
import type { SessionExpired, SessionNotFound } from '../model/outcome.js';
import { isAlive, type Session } from '../model/session.js';
import type { LeaseRecord, Lock } from '../state/records.js';
import type { Transition } from '../transition.js';
import { expireSession } from './end-session.js';
import { currentLock } from './expiry.js';

interface LeaseReference {
  readonly lockName: LockName;
  readonly userId: UserId;
  readonly leaseId: LeaseId;
}

/**
 * The lease that the user asks to renew or release. Null if the lock is free, or held by another user or under another lease
 * id.
 */
export function ownLease(
  transition: Transition,
  { lockName, userId, leaseId }: LeaseReference,
): Lease | null {
  const lock = currentLock(transition, lockName);
  const isOwn = ({ lease }: LeaseRecord): boolean =>
    lease.leaseId === leaseId && lease.holder.userId === userId;
  return lock?.leases.find(isOwn)?.lease ?? null;
}

/**
 * The lease that the request asks for, if its holder already has it. If the client chose the lease id, only that lease
 * counts.
 */
export function leaseAlreadyHeld(lock: Lock, request: AcquireRequest): Lease | null {
  const isRequested = ({ lease }: LeaseRecord): boolean =>
    (!request.leaseIdChosen || request.leaseId === lease.leaseId) &&
    isSameHolder(lease.holder, request.holder);
  return lock.leases.find(isRequested)?.lease ?? null;
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

/** Two sessions of one user are two holders. */
function isSameHolder(a: Holder, b: Holder): boolean {
  return a.userId === b.userId && a.sessionId === b.sessionId;
}
