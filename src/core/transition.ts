import type { Change } from './model/change.js';
import type { AcquireRequest } from './model/command.js';
import type { LockEvent, LockEventType } from './model/event.js';
import type { UserId, WaiterId } from './model/ids.js';
import type { Lease } from './model/lease.js';
import { EXPIRED_SESSION_MEMORY_SECONDS } from './model/limits.js';
import type { LockName } from './model/lock-name.js';
import type { AcquireAnswer, Conflict, GrantRefusal, TooManyWaiters } from './model/outcome.js';
import { isAlive, type Session } from './model/session.js';
import type { State } from './state/state.js';
import { afterSeconds, isPast, type Instant } from './model/time.js';
import type { Waiter } from './state/waiter.js';

/** What an installation may choose about the law. */
export interface LawOptions {
  /** Locks that all users together may hold. */
  readonly maxLocks: number;
  readonly maxLocksPerUser: number;
  /** Sessions that are kept for all users together, those that have expired and are remembered included. */
  readonly maxSessions: number;
  /** Sessions that a user may have alive. As many again are remembered once they have expired. */
  readonly maxSessionsPerUser: number;
  /** Requests that may wait for locks at the same time, of all users together. */
  readonly maxWaiters: number;
  readonly maxWaitersPerUser: number;
}

/** The answer to an acquire that was queued earlier. */
export interface Settlement {
  readonly waiterId: WaiterId;
  readonly answer: AcquireAnswer;
}

/**
 * One step of the law under way: what every rule may do to the state, with a record of what was done. A command that
 * has several effects (a session that ends frees its leases, each of which passes to a waiter) has them all in one step.
 */
export class Transition {
  readonly changes: Change[] = [];
  readonly events: LockEvent[] = [];
  readonly settlements: Settlement[] = [];

  constructor(
    readonly state: State,
    readonly now: Instant,
    readonly options: LawOptions,
  ) {}

  /** Grants a lock that is known to be free, unless a limit forbids it. */
  grant(request: AcquireRequest): AcquireAnswer {
    const refusal = this.#refusalOfGrant(request.holder.userId);
    if (refusal !== null) return refusal;
    const lease: Lease = {
      leaseId: request.leaseId,
      lockName: request.lockName,
      holder: request.holder,
      fencingToken: this.state.nextFencingToken(),
      ttlSeconds: request.ttlSeconds,
      deadline: afterSeconds(this.now, request.ttlSeconds),
      metadata: request.metadata,
    };
    this.#change({ kind: 'lease_granted', lease });
    this.#report('acquired', lease);
    return { kind: 'acquired', lease };
  }

  renew(held: Lease, ttlSeconds: number): Lease {
    const lease: Lease = { ...held, ttlSeconds, deadline: afterSeconds(this.now, ttlSeconds) };
    this.#change({ kind: 'lease_extended', lease });
    this.#report('renewed', lease);
    return lease;
  }

  /** Ends a lease and hands its lock to the next waiter. */
  endLease(lease: Lease, how: 'released' | 'expired'): void {
    this.#change({ kind: 'lease_ended', lease });
    this.#report(how, lease);
    this.#passOn(lease.lockName);
  }

  saveSession(session: Session): void {
    this.#change({ kind: 'session_saved', session });
  }

  /** Ends a session that the client closed. Nothing of it is remembered. */
  closeSession(session: Session): void {
    this.#endSession(session, 'released', () => this.#change({ kind: 'session_removed', session }));
  }

  /** Ends a session whose client fell silent, and remembers it for a while. */
  expireSession(session: Session): void {
    const deadline = afterSeconds(this.now, EXPIRED_SESSION_MEMORY_SECONDS);
    this.#endSession(session, 'expired', () => {
      this.#makeRoomInMemoryOf(session.userId);
      this.saveSession({ ...session, state: 'expired', deadline });
    });
  }

  forgetSession(session: Session): void {
    this.#change({ kind: 'session_removed', session });
  }

  /** Makes room for one more session. That a session is remembered never stands in the way. Returns false if all are alive. */
  makeRoomForSession(): boolean {
    while (this.state.keptSessionCount >= this.options.maxSessions) {
      const oldest = this.state.oldestRememberedSession;
      if (oldest === null) return false;
      this.forgetSession(oldest);
    }
    return true;
  }

  /** Why no more requests of the user may wait; null if there is room for one. */
  refusalOfWaiter(userId: UserId): TooManyWaiters | null {
    const { maxWaiters, maxWaitersPerUser } = this.options;
    if (this.state.waiterCountOf(userId) >= maxWaitersPerUser) {
      return { kind: 'too_many_waiters', of: 'user', limit: maxWaitersPerUser };
    }
    if (this.state.waiterCount < maxWaiters) return null;
    return { kind: 'too_many_waiters', of: 'everybody', limit: maxWaiters };
  }

  /** The session if it is alive; one that is overdue ends here and now. */
  aliveSession(sessionId: Session['sessionId'], userId: Session['userId']): AliveSession {
    const session = this.state.session(sessionId);
    if (session === null || session.userId !== userId) return { kind: 'session_not_found' };
    if (isAlive(session, this.now)) return { kind: 'alive', session };
    if (session.state === 'active') this.expireSession(session);
    return { kind: 'session_expired' };
  }

  /** Ends the lock's lease if it is overdue, so that a waiter gets the lock before any newcomer does. */
  endOverdueLease(lockName: LockName): void {
    for (;;) {
      const lease = this.state.lease(lockName);
      if (lease === null || this.state.isLeaseAlive(lease, this.now)) return;
      this.#expireLease(lease);
    }
  }

  /** Ends whatever has the earliest deadline, if that has passed. Returns false when nothing is due. */
  endEarliestDue(): boolean {
    const due = this.state.earliestDue();
    if (due === undefined || !isPast(due.deadline, this.now)) return false;
    switch (due.kind) {
      case 'lease':
        this.#expireLease(due.lease);
        return true;
      case 'session':
        if (due.session.state === 'active') this.expireSession(due.session);
        else this.forgetSession(due.session);
        return true;
      case 'waiter':
        this.#timeOut(due);
        return true;
      default:
        return unreachable(due);
    }
  }

  settle(waiter: Waiter, answer: AcquireAnswer): void {
    this.state.dequeue(waiter);
    this.settlements.push({ waiterId: waiter.waiterId, answer });
  }

  /** Settles a waiter and gives its place in the queue to another. */
  replace(waiter: Waiter, successor: Waiter, answer: AcquireAnswer): void {
    this.state.replaceWaiter(waiter, successor);
    this.settlements.push({ waiterId: waiter.waiterId, answer });
  }

  conflictWith(lease: Lease): Conflict {
    const { sessionId } = lease.holder;
    const session = sessionId === null ? null : this.state.session(sessionId);
    const free = session === null ? lease.deadline : Math.min(lease.deadline, session.deadline);
    return { kind: 'conflict', lease, retryAfterMs: Math.max(0, free - this.now) };
  }

  #refusalOfGrant(userId: UserId): GrantRefusal | null {
    const { maxLocks, maxLocksPerUser } = this.options;
    if (!this.state.hasFewerLeasesThan(maxLocksPerUser, userId, this.now)) {
      return { kind: 'lock_limit_exceeded', limit: maxLocksPerUser };
    }
    if (this.state.leaseCount >= maxLocks) return { kind: 'too_many_locks', limit: maxLocks };
    return this.state.hasNumbersForGrant ? null : { kind: 'numbers_exhausted' };
  }

  /** A user whose sessions expire again and again is remembered for the latest of them only. */
  #makeRoomInMemoryOf(userId: UserId): void {
    while (this.state.rememberedSessionCountOf(userId) >= this.options.maxSessionsPerUser) {
      const oldest = this.state.oldestRememberedSessionOf(userId);
      if (oldest === null) return;
      this.forgetSession(oldest);
    }
  }

  /** A lease is expired by its own deadline, or else because its session is. */
  #expireLease(lease: Lease): void {
    const { sessionId } = lease.holder;
    const session = sessionId === null ? null : this.state.session(sessionId);
    if (!isPast(lease.deadline, this.now) && session !== null) this.expireSession(session);
    else this.endLease(lease, 'expired');
  }

  #endSession(session: Session, how: 'released' | 'expired', end: () => void): void {
    // The waiters go first, and the session after its leases: nothing is granted to a session that is ending.
    for (const waiter of this.state.waitersOfSession(session.sessionId)) {
      this.settle(waiter, { kind: how === 'expired' ? 'session_expired' : 'session_not_found' });
    }
    for (const lease of this.state.leasesOfSession(session.sessionId)) this.endLease(lease, how);
    end();
  }

  #passOn(lockName: LockName): void {
    for (;;) {
      const waiter = this.state.firstWaiter(lockName);
      if (waiter === null) return;
      const answer = this.#grantTo(waiter);
      this.settle(waiter, answer);
      if (answer.kind === 'acquired') return;
    }
  }

  #grantTo(waiter: Waiter): AcquireAnswer {
    const { holder } = waiter.request;
    if (holder.sessionId !== null) {
      const session = this.state.session(holder.sessionId);
      if (session === null || !isAlive(session, this.now)) return { kind: 'session_expired' };
    }
    return this.grant(waiter.request);
  }

  #timeOut(waiter: Waiter): void {
    this.endOverdueLease(waiter.request.lockName);
    if (this.state.waiter(waiter.waiterId) === null) return;
    const lease = this.state.lease(waiter.request.lockName);
    if (lease === null) throw new Error('a lock with waiters is never free');
    this.settle(waiter, this.conflictWith(lease));
  }

  #change(change: Change): void {
    this.state.apply(change);
    this.changes.push(change);
  }

  #report(type: LockEventType, lease: Lease): void {
    this.events.push({
      sequence: this.state.nextSequence(),
      type,
      lockName: lease.lockName,
      holder: lease.holder,
      fencingToken: lease.fencingToken,
      deadline: type === 'acquired' || type === 'renewed' ? lease.deadline : null,
      metadata: lease.metadata,
      at: this.now,
    });
  }
}

type AliveSession =
  | { readonly kind: 'alive'; readonly session: Session }
  | { readonly kind: 'session_not_found' }
  | { readonly kind: 'session_expired' };

function unreachable(value: never): never {
  throw new Error(`unexpected deadline: ${JSON.stringify(value)}`);
}
