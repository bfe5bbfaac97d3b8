import type { BrokenLease } from '../model/broken-lease.js';
import { coolingAfterExpiry } from '../model/cooling.js';
import type { Fence, FenceName } from '../model/fence.js';
import type { FencingToken, LeaseId, Sequence, SessionId, TicketId, UserId } from '../model/ids.js';
import { holdOn, lockCountOf, locksOf, USUAL_TERMS, type Holder, type Lease } from '../model/lease.js';
import type { LockName } from '../model/lock-name.js';
import type { ReleaseRequest } from '../model/release-request.js';
import { isAlive, type Session } from '../model/session.js';
import { isPast, type Instant } from '../model/time.js';
import { BrokenLeases } from './broken-leases.js';
import { DeadlineHeap } from './deadline-heap.js';
import { Fences } from './fences.js';
import { Locks } from './locks.js';
import { Numbers } from './numbers.js';
import type { HolderEntry } from './lease-record.js';
import type { DueRecord, Lock, Place, Ticket } from './records.js';
import { Sessions } from './sessions.js';
import type {
  Holding,
  ListPosition,
  LockHolders,
  QueuedPlace,
  QueueView,
  StateView,
  WaitingRequest,
} from './state-view.js';
import { Tickets } from './tickets.js';

/** The state as rules and readers see it. */
export class StateReads implements StateView {
  protected readonly locks = new Locks();
  protected readonly sessions = new Sessions();
  protected readonly tickets = new Tickets();
  protected readonly brokenLeases = new BrokenLeases();
  protected readonly fences = new Fences();
  protected readonly due = new DeadlineHeap<DueRecord>();
  /** Locks with more tickets to serve than one step serves. */
  protected readonly unfinished = new Set<LockName>();

  protected constructor(protected readonly counters: Numbers) {}

  get lastFencingToken(): FencingToken {
    return this.counters.lastFencingToken;
  }

  get lastSequence(): Sequence {
    return this.counters.lastSequence;
  }

  get leaseCount(): number {
    return this.locks.leaseCount;
  }

  get lockCount(): number {
    return this.locks.lockCount;
  }

  get coolingCount(): number {
    return this.locks.coolings.count;
  }

  get sessionCount(): number {
    return this.sessions.activeCount;
  }

  get rememberedSessionCount(): number {
    return this.sessions.remembered.size;
  }

  /** Sessions that are alive, overdue or remembered. */
  get keptSessionCount(): number {
    return this.sessions.keptCount;
  }

  get waiterCount(): number {
    return this.tickets.askingCount;
  }

  get fenceCount(): number {
    return this.fences.count;
  }

  fence(name: FenceName): Fence | null {
    return this.fences.named(name);
  }

  /** Counts the fences that the user has created. */
  fenceCountOf(userId: UserId): number {
    return this.fences.countOf(userId);
  }

  /**
   * Whether there are enough numbers left to grant a lease of so many locks. A grant needs a fencing token, and for each lock a
   * sequence for its event and one reserved for the event of its end. Since one is reserved for every lock that is held, each lease
   * can always end and be reported.
   */
  hasNumbersForGrant(locks: number): boolean {
    return this.counters.tokensLeft >= 1 && this.#freeSequences >= 2 * locks;
  }

  /** Whether there are sequences for the events of a renewal, apart from those reserved for the ends of leases. */
  hasNumbersForRenewal(locks: number): boolean {
    return this.#freeSequences >= locks;
  }

  /**
   * Whether there is a sequence for the end of every lease. This can only be false if the state was rebuilt from inconsistent
   * numbers.
   */
  get hasNumbersToEndAllLeases(): boolean {
    return this.#freeSequences >= 0;
  }

  get #freeSequences(): number {
    return this.counters.sequencesLeft - this.locks.lockCount;
  }

  /** The lock, or null if it is neither held, waited for nor cooling. Its leases may be overdue, and its cooling over. */
  lock(lockName: LockName): Lock | null {
    return this.locks.named(lockName);
  }

  /**
   * Whether the lease is alive. This depends on its deadline and its session's. It does not matter whether a sweep has
   * already found them overdue.
   */
  isLeaseAlive(lease: Lease, now: Instant): boolean {
    if (isPast(lease.deadline, now)) return false;
    const { sessionId } = lease.holder;
    return sessionId === null || this.isSessionAlive(sessionId, now);
  }

  isSessionAlive(sessionId: SessionId, now: Instant): boolean {
    const session = this.session(sessionId);
    return session !== null && isAlive(session, now);
  }

  /** A lease of the lock that is overdue but has not been ended yet, or null if there is none. */
  overdueLease(lock: Lock, now: Instant): Lease | null {
    // There may be thousands of holders, and usually nothing at all is overdue.
    if (!this.isAnyDeadlinePast(now)) return null;
    return lock.holders.find(({ lease }) => !this.isLeaseAlive(lease, now))?.lease ?? null;
  }

  /** The holder's leases of the lock, in the order in which they were granted. */
  *leasesOfHolder(lock: Lock, holder: Holder): Generator<Lease> {
    for (const { lease } of lock.holders.of(holder)) yield lease;
  }

  /** The user's lease with this id that holds the lock. There is at most one. */
  leaseWithId(lock: Lock, userId: UserId, leaseId: LeaseId): Lease | null {
    return this.locks.leaseWithId(lock, userId, leaseId)?.lease ?? null;
  }

  /** All leases of the user with this id, including overdue ones. */
  keptLeasesWithId(userId: UserId, leaseId: LeaseId): Lease[] {
    return Array.from(this.locks.leasesWithId(userId, leaseId), ({ lease }) => lease);
  }

  leasesWithId(userId: UserId, leaseId: LeaseId, now: Instant): Lease[] {
    return this.keptLeasesWithId(userId, leaseId).filter((lease) => this.isLeaseAlive(lease, now));
  }

  leaseOn(lockName: LockName, userId: UserId, leaseId: LeaseId, now: Instant): Lease | null {
    const lock = this.lock(lockName);
    const lease = lock && this.leaseWithId(lock, userId, leaseId);
    return lease !== null && this.isLeaseAlive(lease, now) ? lease : null;
  }

  availableAt(lockName: LockName, now: Instant): Instant | null {
    const lock = this.lock(lockName);
    if (lock === null) return null;
    const until = lock.cooling?.deadline ?? this.#coolingAfterOverdue(lock, now);
    return until === null || isPast(until, now) ? null : until;
  }

  endOfLease({ holder, deadline }: Lease): Instant {
    const session = holder.sessionId === null ? null : this.session(holder.sessionId);
    return session !== null && session.deadline < deadline ? session.deadline : deadline;
  }

  brokenLeasesWithId(userId: UserId, leaseId: LeaseId, now: Instant): BrokenLease[] {
    return [...this.brokenLeases.withId(userId, leaseId)]
      .filter(({ deadline }) => !isPast(deadline, now))
      .map(({ broken }) => broken)
      .toSorted(byTimeOfBreak);
  }

  get hasBrokenLeases(): boolean {
    return this.brokenLeases.size > 0;
  }

  /** The latest request to release one of the lease's locks. Null if there is none. */
  releaseRequestFor(lease: Lease): ReleaseRequest | null {
    return this.locks.releaseRequestFor(lease);
  }

  firstLiveLease(lockName: LockName, now: Instant): Lease | null {
    const holders = this.locks.named(lockName)?.holders;
    return holders?.find(({ lease }) => this.isLeaseAlive(lease, now))?.lease ?? null;
  }

  holders(lockName: LockName, now: Instant, max: number): LockHolders {
    const holders: Holding[] = [];
    let count = 0;
    let permitsInUse = 0;
    for (const holding of this.#holdingsOf(lockName, now)) {
      count += 1;
      if (holding.hold.mode === 'counted') permitsInUse += holding.hold.slots.length;
      if (holders.length < max) holders.push(holding);
    }
    return { holders, count, permitsInUse };
  }

  *heldLocks(prefix: string, after: ListPosition | null, now: Instant): Generator<Holding> {
    for (const lockName of this.locks.heldNames(prefix, after?.lockName ?? '')) {
      for (const holding of this.#holdingsOf(lockName, now)) if (isAfter(holding, after)) yield holding;
    }
  }

  heldLocksOfUser(userId: UserId, prefix: string, after: ListPosition | null, now: Instant): Holding[] {
    return Array.from(this.locks.leasesOf(userId), ({ lease }) => lease)
      .filter((lease) => this.isLeaseAlive(lease, now))
      .flatMap((lease) => locksOf(lease).map(({ lockName, hold }) => ({ lockName, hold, lease })))
      .filter((holding) => holding.lockName.startsWith(prefix) && isAfter(holding, after))
      .toSorted(byNameAndToken);
  }

  lockCountOf(userId: UserId): number {
    return this.locks.lockCountOf(userId) + this.locks.coolings.countOf(userId);
  }

  /** Counts the locks that the user's live leases hold, and those that cool. Takes time in proportion to their number. */
  liveLockCountOf(userId: UserId, now: Instant): number {
    let live = this.locks.coolings.liveCountOf(userId, now);
    for (const { lease } of this.locks.leasesOf(userId)) {
      if (this.isLeaseAlive(lease, now)) live += lockCountOf(lease);
    }
    return live;
  }

  session(sessionId: SessionId): Session | null {
    return this.sessions.record(sessionId)?.session ?? null;
  }

  activeSessionCountOf(userId: UserId): number {
    return this.sessions.activeCountOf(userId);
  }

  *liveSessionsOf(userId: UserId, now: Instant): Generator<Session> {
    for (const { session } of this.sessions.activeOf(userId) ?? []) if (isAlive(session, now)) yield session;
  }

  /** Counts the user's live sessions. Takes time in proportion to the number of sessions the user has. */
  liveSessionCountOf(userId: UserId, now: Instant): number {
    return [...this.liveSessionsOf(userId, now)].length;
  }

  /** The remembered session that expired first, or null if there is none. */
  get oldestRememberedSession(): Session | null {
    return this.sessions.remembered.oldest;
  }

  rememberedSessionCountOf(userId: UserId): number {
    return this.sessions.remembered.countOf(userId);
  }

  oldestRememberedSessionOf(userId: UserId): Session | null {
    return this.sessions.remembered.oldestOf(userId);
  }

  leasesOfSession(sessionId: SessionId): Lease[] {
    return Array.from(this.sessions.record(sessionId)?.leases ?? [], (record) => record.lease);
  }

  liveLeaseCountOfSession(sessionId: SessionId, now: Instant): number {
    return this.leasesOfSession(sessionId).filter((lease) => this.isLeaseAlive(lease, now)).length;
  }

  /** The lease, session or ticket with the earliest deadline. */
  earliestDue(): DueRecord | undefined {
    return this.due.peek();
  }

  /** Whether a sweep has anything to do: something is overdue, or an earlier step has not finished. */
  isAnythingDue(now: Instant): boolean {
    return this.hasUnfinished || this.isAnyDeadlinePast(now);
  }

  isAnyDeadlinePast(now: Instant): boolean {
    const due = this.earliestDue();
    return due !== undefined && isPast(due.deadline, now);
  }

  get hasUnfinished(): boolean {
    return this.unfinished.size > 0;
  }

  allTickets(): Iterable<Ticket> {
    return this.tickets.all();
  }

  *waitingRequests(): Generator<WaitingRequest> {
    for (const ticket of this.tickets.all())
      if (ticket.isAsking) yield { lockNames: lockNamesOfTicket(ticket), since: ticket.since };
  }

  ticket(ticketId: TicketId): Ticket | null {
    return this.tickets.withId(ticketId);
  }

  /** The user's tickets for a lease whose id the client chose. */
  ticketsWithChosenLease(userId: UserId, leaseId: LeaseId): Ticket[] {
    return [...this.tickets.withChosenLease(userId, leaseId)];
  }

  ticketsOfSession(sessionId: SessionId): Ticket[] {
    return Array.from(this.sessions.record(sessionId)?.tickets ?? []);
  }

  /** How many places in line all tickets have. */
  get placeCount(): number {
    return this.tickets.placeCount;
  }

  placeCountOf(userId: UserId): number {
    return this.tickets.placeCountOf(userId);
  }

  /** Silent tickets of one user, or of all users, the one that has been silent longest first. */
  silentTickets(userId: UserId | null): Iterable<Ticket> {
    return userId === null ? this.tickets.silent : this.tickets.silentOf(userId);
  }

  queueLength(lockName: LockName): number {
    return this.locks.named(lockName)?.line?.askingCount ?? 0;
  }

  locksOfPlace(lockName: LockName, userId: UserId, leaseId: LeaseId): readonly LockName[] {
    return (
      this.ticketsWithChosenLease(userId, leaseId)
        .map(lockNamesOfTicket)
        .find((names) => names.includes(lockName)) ?? []
    );
  }

  queue(lockName: LockName, max: number): QueueView {
    const line = this.locks.named(lockName)?.line ?? null;
    if (line === null) return { places: [], total: 0, askingCount: 0 };
    const places: QueuedPlace[] = [];
    let position = 1;
    for (const place of line.places()) {
      if (places.length === max) break;
      places.push(queuedPlace(place, position));
      if (place.ticket.isAsking) position += 1;
    }
    return { places, total: line.length, askingCount: line.askingCount };
  }

  /** Until when a lock cools whose lease is overdue but has not been ended yet. */
  #coolingAfterOverdue({ name, holders }: Lock, now: Instant): Instant | null {
    const lease = holders.first?.lease ?? null;
    if (lease === null || lease.terms === USUAL_TERMS || this.isLeaseAlive(lease, now)) return null;
    if (holdOn(lease, name).mode !== 'exclusive') return null;
    return coolingAfterExpiry(lease.terms, this.endOfLease(lease));
  }

  *#holdingsOf(lockName: LockName, now: Instant): Generator<Holding> {
    let entry: HolderEntry | null = this.locks.named(lockName)?.holders.first ?? null;
    for (; entry !== null; entry = entry.next) {
      const { lease } = entry;
      if (this.isLeaseAlive(lease, now)) yield { lockName, hold: holdOn(lease, lockName), lease };
    }
  }
}

function isAfter({ lockName, lease }: Holding, position: ListPosition | null): boolean {
  if (position === null || lockName > position.lockName) return true;
  return lockName === position.lockName && lease.fencingToken > position.fencingToken;
}

function byNameAndToken(a: Holding, b: Holding): number {
  if (a.lockName === b.lockName) return a.lease.fencingToken - b.lease.fencingToken;
  return a.lockName < b.lockName ? -1 : 1;
}

/** The same order after a restart. */
function byTimeOfBreak(a: BrokenLease, b: BrokenLease): number {
  return a.brokenAt - b.brokenAt || a.fencingToken - b.fencingToken;
}

function lockNamesOfTicket({ request: { wants } }: Ticket): LockName[] {
  return wants.map(({ lockName }) => lockName);
}

function queuedPlace({ ticket, demand }: Place, position: number): QueuedPlace {
  const { request, since, isAsking } = ticket;
  const { holder, leaseId } = request;
  return { position, holder, leaseId, lockNames: lockNamesOfTicket(ticket), since, demand, isAsking };
}
