import type { Change } from '../model/change.js';
import { DeadlineHeap, type Due } from './deadline-heap.js';
import type { AcquireRequest } from '../model/command.js';
import type { FencingToken, Sequence, SessionId, UserId, WaiterId } from '../model/ids.js';
import type { Lease } from '../model/lease.js';
import { LAST_NUMBER } from '../model/limits.js';
import type { LockName } from '../model/lock-name.js';
import { RememberedSessions } from './remembered-sessions.js';
import { isAlive, type Session } from '../model/session.js';
import { SortedNames } from './sorted-names.js';
import { isPast, type Instant } from '../model/time.js';
import { WaiterIndex } from './waiter-index.js';
import { WaitQueue, type Waiter } from './waiter.js';

export interface LeaseRecord extends Due {
  readonly kind: 'lease';
  lease: Lease;
}

export interface SessionRecord extends Due {
  readonly kind: 'session';
  session: Session;
  readonly leases: Set<LeaseRecord>;
  readonly waiters: Set<Waiter>;
}

/** Everything that has a deadline. */
export type DueRecord = LeaseRecord | SessionRecord | Waiter;

interface Lock {
  /** The leases that hold the lock. An exclusive lock has at most one. */
  readonly leases: LeaseRecord[];
  /** Made when the first waiter comes; most locks never have one. */
  queue: WaitQueue | null;
}

/** What readers may see of the state. Every answer takes expiry into account, so it needs to know the time. */
export interface StateView {
  readonly lastFencingToken: FencingToken;
  readonly lastSequence: Sequence;
  readonly leaseCount: number;
  /** Sessions that are alive, or are overdue and have yet to be swept. */
  readonly sessionCount: number;
  /** Sessions that have expired and are still remembered. */
  readonly rememberedSessionCount: number;
  readonly waiterCount: number;
  liveLease(lockName: LockName, now: Instant): Lease | null;
  queueLength(lockName: LockName): number;
  /** The live leases of locks whose names begin with `prefix` and come after `after`, in name order. */
  liveLeases(prefix: string, after: string | null, now: Instant): Generator<Lease>;
  /** The same for one user's leases only. Costs as much as the user holds. */
  liveLeasesOfUser(userId: UserId, prefix: string, after: string | null, now: Instant): Lease[];
  session(sessionId: SessionId): Session | null;
  liveLeaseCountOfSession(sessionId: SessionId, now: Instant): number;
}

/**
 * Locks, leases, sessions and waiters, with the indexes that keep every operation's cost independent of their number.
 * Durable facts change only through `apply`; waiters, which end with their connections, through the queue methods.
 */
export class State implements StateView {
  readonly #locks = new Map<LockName, Lock>();
  readonly #heldNames = new SortedNames<LockName>();
  readonly #leasesByUser = new Map<UserId, Set<LeaseRecord>>();
  readonly #sessions = new Map<SessionId, SessionRecord>();
  readonly #activeSessionsByUser = new Map<UserId, Set<SessionRecord>>();
  readonly #rememberedSessions = new RememberedSessions();
  readonly #waiters = new WaiterIndex();
  readonly #due = new DeadlineHeap<DueRecord>();
  #lastFencingToken: FencingToken;
  #lastSequence: Sequence;
  #leaseCount = 0;
  #sessionCount = 0;

  constructor(lastFencingToken = 0 as FencingToken, lastSequence = 0 as Sequence) {
    this.#lastFencingToken = lastFencingToken;
    this.#lastSequence = lastSequence;
  }

  get lastFencingToken(): FencingToken {
    return this.#lastFencingToken;
  }

  get lastSequence(): Sequence {
    return this.#lastSequence;
  }

  get leaseCount(): number {
    return this.#leaseCount;
  }

  get sessionCount(): number {
    return this.#sessionCount;
  }

  get rememberedSessionCount(): number {
    return this.#rememberedSessions.size;
  }

  get waiterCount(): number {
    return this.#waiters.size;
  }

  /**
   * Whether a lease may be granted: there is a token for it, a sequence for the event of its grant, and one to set aside for the
   * event of its end. As one is set aside for every lease, each can end and be reported, whatever else has run out.
   */
  get hasNumbersForGrant(): boolean {
    return this.#lastFencingToken < LAST_NUMBER && this.#freeSequences >= 2;
  }

  /** Whether there is a sequence for the event of a renewal beside those that are set aside. */
  get hasNumberForRenewal(): boolean {
    return this.#freeSequences >= 1;
  }

  /** Whether every lease can end. It can, unless the state was rebuilt from numbers that did not come from here. */
  get hasNumbersForEnds(): boolean {
    return this.#freeSequences >= 0;
  }

  get #freeSequences(): number {
    return LAST_NUMBER - this.#lastSequence - this.#leaseCount;
  }

  nextFencingToken(): FencingToken {
    if (this.#lastFencingToken >= LAST_NUMBER) throw new Error('there is no fencing token left');
    this.#lastFencingToken = (this.#lastFencingToken + 1) as FencingToken;
    return this.#lastFencingToken;
  }

  nextSequence(): Sequence {
    if (this.#lastSequence >= LAST_NUMBER) throw new Error('there is no sequence left');
    this.#lastSequence = (this.#lastSequence + 1) as Sequence;
    return this.#lastSequence;
  }

  /** Carries out one durable change and keeps every index in step with it. */
  apply(change: Change): void {
    switch (change.kind) {
      case 'lease_granted':
        return this.#addLease(change.lease);
      case 'lease_extended':
        return this.#replaceLease(change.lease);
      case 'lease_ended':
        return this.#removeLease(change.lease);
      case 'session_saved':
        return this.#saveSession(change.session);
      case 'session_removed':
        return this.#removeSession(change.session);
      default:
        return unreachable(change);
    }
  }

  /** The lease that holds the lock, overdue or not. */
  lease(lockName: LockName): Lease | null {
    return this.#locks.get(lockName)?.leases[0]?.lease ?? null;
  }

  liveLease(lockName: LockName, now: Instant): Lease | null {
    const lease = this.lease(lockName);
    return lease !== null && this.isLeaseAlive(lease, now) ? lease : null;
  }

  /** Expiry is a predicate: a lease past its deadline, or whose session is, has ended whether or not a sweep has met it. */
  isLeaseAlive(lease: Lease, now: Instant): boolean {
    if (isPast(lease.deadline, now)) return false;
    const { sessionId } = lease.holder;
    if (sessionId === null) return true;
    const session = this.session(sessionId);
    return session !== null && isAlive(session, now);
  }

  *liveLeases(prefix: string, after: string | null, now: Instant): Generator<Lease> {
    for (const lockName of this.#heldNames.scan(prefix, after)) {
      const lease = this.liveLease(lockName, now);
      if (lease !== null) yield lease;
    }
  }

  liveLeasesOfUser(userId: UserId, prefix: string, after: string | null, now: Instant): Lease[] {
    return Array.from(this.#leasesByUser.get(userId) ?? [], (record) => record.lease)
      .filter(({ lockName }) => lockName.startsWith(prefix) && (after === null || lockName > after))
      .filter((lease) => this.isLeaseAlive(lease, now))
      .toSorted((a, b) => (a.lockName < b.lockName ? -1 : 1));
  }

  /** Whether the user's live leases are fewer than `limit`. Counts one by one only while a sweep is behind. */
  hasFewerLeasesThan(limit: number, userId: UserId, now: Instant): boolean {
    const leases = this.#leasesByUser.get(userId);
    if (leases === undefined || leases.size < limit) return limit > 0;
    if (!this.isAnythingDue(now)) return false;
    let live = 0;
    for (const { lease } of leases) if (this.isLeaseAlive(lease, now)) live += 1;
    return live < limit;
  }

  /** The same for the user's sessions. */
  hasFewerSessionsThan(limit: number, userId: UserId, now: Instant): boolean {
    const sessions = this.#activeSessionsByUser.get(userId);
    if (sessions === undefined || sessions.size < limit) return limit > 0;
    if (!this.isAnythingDue(now)) return false;
    let live = 0;
    for (const { session } of sessions) if (isAlive(session, now)) live += 1;
    return live < limit;
  }

  /** Sessions in memory and on disk: those that are alive, overdue, or remembered. */
  get keptSessionCount(): number {
    return this.#sessions.size;
  }

  /** The remembered session that expired longest ago; null if there is none. */
  get oldestRememberedSession(): Session | null {
    return this.#rememberedSessions.oldest;
  }

  rememberedSessionCountOf(userId: UserId): number {
    return this.#rememberedSessions.countOf(userId);
  }

  oldestRememberedSessionOf(userId: UserId): Session | null {
    return this.#rememberedSessions.oldestOf(userId);
  }

  session(sessionId: SessionId): Session | null {
    return this.#sessions.get(sessionId)?.session ?? null;
  }

  leasesOfSession(sessionId: SessionId): Lease[] {
    return Array.from(this.#sessions.get(sessionId)?.leases ?? [], (record) => record.lease);
  }

  liveLeaseCountOfSession(sessionId: SessionId, now: Instant): number {
    return this.leasesOfSession(sessionId).filter((lease) => this.isLeaseAlive(lease, now)).length;
  }

  /** The lease, session or waiter whose deadline is earliest. */
  earliestDue(): DueRecord | undefined {
    return this.#due.peek();
  }

  isAnythingDue(now: Instant): boolean {
    const due = this.earliestDue();
    return due !== undefined && isPast(due.deadline, now);
  }

  enqueue(waiter: Waiter): void {
    const lock = this.#lockNamed(waiter.request.lockName);
    lock.queue ??= new WaitQueue();
    lock.queue.push(waiter);
    this.#indexWaiter(waiter);
  }

  /** Gives `waiter`'s place in the queue to `successor`. */
  replaceWaiter(waiter: Waiter, successor: Waiter): void {
    this.#locks.get(waiter.request.lockName)?.queue?.replace(waiter, successor);
    this.#unindexWaiter(waiter);
    this.#indexWaiter(successor);
  }

  dequeue(waiter: Waiter): void {
    const { lockName } = waiter.request;
    this.#locks.get(lockName)?.queue?.remove(waiter);
    this.#unindexWaiter(waiter);
    this.#forgetIfUnused(lockName);
  }

  waiter(waiterId: WaiterId): Waiter | null {
    return this.#waiters.withId(waiterId);
  }

  /** The waiter of the same holder that asks for the same client-chosen lease. */
  waiterForChosenLease(request: AcquireRequest): Waiter | null {
    return this.#waiters.forChosenLease(request);
  }

  waiterCountOf(userId: UserId): number {
    return this.#waiters.countOf(userId);
  }

  firstWaiter(lockName: LockName): Waiter | null {
    return this.#locks.get(lockName)?.queue?.first ?? null;
  }

  queueLength(lockName: LockName): number {
    return this.#locks.get(lockName)?.queue?.length ?? 0;
  }

  waitersOfSession(sessionId: SessionId): Waiter[] {
    return Array.from(this.#sessions.get(sessionId)?.waiters ?? []);
  }

  #addLease(lease: Lease): void {
    const lock = this.#lockNamed(lease.lockName);
    if (lock.leases.length > 0) throw new Error('an exclusive lock cannot have a second lease');
    const record: LeaseRecord = { kind: 'lease', lease, deadline: lease.deadline, slot: -1 };
    lock.leases.push(record);
    this.#heldNames.add(lease.lockName);
    this.#due.add(record);
    this.#leaseCount += 1;
    setOf(this.#leasesByUser, lease.holder.userId).add(record);
    this.#sessionRecordOf(lease)?.leases.add(record);
  }

  #replaceLease(lease: Lease): void {
    const record = this.#recordOf(lease);
    record.lease = lease;
    record.deadline = lease.deadline;
    this.#due.moved(record);
  }

  #removeLease(lease: Lease): void {
    const record = this.#recordOf(lease);
    const lock = this.#lockNamed(lease.lockName);
    lock.leases.splice(lock.leases.indexOf(record), 1);
    this.#heldNames.delete(lease.lockName);
    this.#due.remove(record);
    this.#leaseCount -= 1;
    deleteFrom(this.#leasesByUser, lease.holder.userId, record);
    this.#sessionRecordOf(lease)?.leases.delete(record);
    this.#forgetIfUnused(lease.lockName);
  }

  #saveSession(session: Session): void {
    const record = this.#sessions.get(session.sessionId);
    if (record === undefined) {
      const added: SessionRecord = {
        kind: 'session',
        session,
        deadline: session.deadline,
        slot: -1,
        leases: new Set(),
        waiters: new Set(),
      };
      this.#sessions.set(session.sessionId, added);
      this.#due.add(added);
      this.#indexSession(added);
      return;
    }
    this.#unindexSession(record);
    record.session = session;
    record.deadline = session.deadline;
    this.#due.moved(record);
    this.#indexSession(record);
  }

  #removeSession(session: Session): void {
    const record = this.#sessions.get(session.sessionId);
    if (record === undefined) throw new Error('no such session');
    this.#sessions.delete(session.sessionId);
    this.#due.remove(record);
    this.#unindexSession(record);
  }

  #indexSession(record: SessionRecord): void {
    const { state, userId } = record.session;
    if (state === 'expired') return this.#rememberedSessions.add(record.session);
    this.#sessionCount += 1;
    setOf(this.#activeSessionsByUser, userId).add(record);
  }

  #unindexSession(record: SessionRecord): void {
    const { state, userId } = record.session;
    if (state === 'expired') return this.#rememberedSessions.delete(record.session);
    this.#sessionCount -= 1;
    deleteFrom(this.#activeSessionsByUser, userId, record);
  }

  #indexWaiter(waiter: Waiter): void {
    this.#waiters.add(waiter);
    this.#sessionRecordOf(waiter.request)?.waiters.add(waiter);
    this.#due.add(waiter);
  }

  #unindexWaiter(waiter: Waiter): void {
    this.#waiters.delete(waiter);
    this.#sessionRecordOf(waiter.request)?.waiters.delete(waiter);
    this.#due.remove(waiter);
  }

  #lockNamed(lockName: LockName): Lock {
    let lock = this.#locks.get(lockName);
    if (lock === undefined) {
      lock = { leases: [], queue: null };
      this.#locks.set(lockName, lock);
    }
    return lock;
  }

  #forgetIfUnused(lockName: LockName): void {
    const lock = this.#locks.get(lockName);
    if (lock?.leases.length === 0 && (lock.queue?.length ?? 0) === 0) this.#locks.delete(lockName);
  }

  #recordOf(lease: Lease): LeaseRecord {
    const record = this.#locks
      .get(lease.lockName)
      ?.leases.find((held) => held.lease.fencingToken === lease.fencingToken);
    if (record === undefined) throw new Error('no such lease');
    return record;
  }

  #sessionRecordOf({ holder }: Lease | AcquireRequest): SessionRecord | undefined {
    return holder.sessionId === null ? undefined : this.#sessions.get(holder.sessionId);
  }
}

function setOf<K, V>(sets: Map<K, Set<V>>, key: K): Set<V> {
  let set = sets.get(key);
  if (set === undefined) {
    set = new Set();
    sets.set(key, set);
  }
  return set;
}

/** Forgets a set that becomes empty. */
function deleteFrom<K, V>(sets: Map<K, Set<V>>, key: K, value: V): void {
  const set = sets.get(key);
  set?.delete(value);
  if (set?.size === 0) sets.delete(key);
}

function unreachable(value: never): never {
  throw new Error(`unexpected change: ${JSON.stringify(value)}`);
}
