import type { Change } from '../model/change.js';
import type { AcquireRequest } from '../model/command.js';
import type { FencingToken, Sequence, SessionId, TicketId, UserId } from '../model/ids.js';
import type { Lease } from '../model/lease.js';
import type { LockName } from '../model/lock-name.js';
import { isAlive, type Session } from '../model/session.js';
import { isPast, type Instant } from '../model/time.js';
import { DeadlineHeap } from './deadline-heap.js';
import { Locks } from './locks.js';
import { Numbers } from './numbers.js';
import type { DueRecord, Lock, SessionRecord, Ticket } from './records.js';
import { Sessions } from './sessions.js';
import type { StateView } from './state-view.js';
import { Tickets } from './tickets.js';

/** The state as rules see it. They read it, and change it through a `Transition`. */
export type ReadableState = Omit<State, 'numbers' | 'apply' | 'enqueue' | 'dequeue' | 'replaceTicket'>;

/**
 * Locks, leases, sessions and tickets, with the indexes that keep the cost of each operation independent of their number.
 * Durable state changes only through `apply`. Tickets, which end with their connections, change through the queue methods.
 */
export class State implements StateView {
  readonly numbers: Numbers;
  readonly #locks = new Locks();
  readonly #sessions = new Sessions();
  readonly #tickets = new Tickets();
  readonly #due = new DeadlineHeap<DueRecord>();

  constructor(lastFencingToken = 0 as FencingToken, lastSequence = 0 as Sequence) {
    this.numbers = new Numbers(lastFencingToken, lastSequence);
  }

  get lastFencingToken(): FencingToken {
    return this.numbers.lastFencingToken;
  }

  get lastSequence(): Sequence {
    return this.numbers.lastSequence;
  }

  get leaseCount(): number {
    return this.#locks.leaseCount;
  }

  get sessionCount(): number {
    return this.#sessions.activeCount;
  }

  get rememberedSessionCount(): number {
    return this.#sessions.remembered.size;
  }

  /** Sessions that are alive, overdue or remembered. */
  get keptSessionCount(): number {
    return this.#sessions.keptCount;
  }

  get waiterCount(): number {
    return this.#tickets.count;
  }

  /**
   * Whether there are enough numbers left to grant a lease. A grant needs a fencing token, a sequence for its event, and a sequence
   * reserved for the event of its end. Since one is reserved for every lease, each can always end and be reported.
   */
  get hasNumbersForGrant(): boolean {
    return this.numbers.tokensLeft >= 1 && this.#freeSequences >= 2;
  }

  /** Whether there is a sequence for the event of a renewal, apart from those reserved for the ends of leases. */
  get hasNumberForRenewal(): boolean {
    return this.#freeSequences >= 1;
  }

  /**
   * Whether there is a sequence for the end of every lease. This can only be false if the state was rebuilt from inconsistent
   * numbers.
   */
  get hasNumbersToEndAllLeases(): boolean {
    return this.#freeSequences >= 0;
  }

  get #freeSequences(): number {
    return this.numbers.sequencesLeft - this.#locks.leaseCount;
  }

  /** Applies one durable change and updates every index. */
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
        return this.#due.remove(this.#sessions.remove(change.session));
      default:
        return unreachable(change);
    }
  }

  /** The lock, or null if it is neither held nor waited for. Its leases may be overdue. */
  lock(lockName: LockName): Lock | null {
    return this.#locks.named(lockName);
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
    return lock.leases.find(({ lease }) => !this.isLeaseAlive(lease, now))?.lease ?? null;
  }

  firstLiveLease(lockName: LockName, now: Instant): Lease | null {
    const leases = this.#locks.named(lockName)?.leases;
    return leases?.find(({ lease }) => this.isLeaseAlive(lease, now))?.lease ?? null;
  }

  *liveLeases(prefix: string, after: string | null, now: Instant): Generator<Lease> {
    for (const lockName of this.#locks.heldNames(prefix, after)) {
      for (let held = this.#locks.named(lockName)?.leases.first; held; held = held.next) {
        if (this.isLeaseAlive(held.lease, now)) yield held.lease;
      }
    }
  }

  liveLeasesOfUser(userId: UserId, prefix: string, after: string | null, now: Instant): Lease[] {
    return Array.from(this.#locks.leasesOf(userId) ?? [], (record) => record.lease)
      .filter(({ lockName }) => lockName.startsWith(prefix) && (after === null || lockName > after))
      .filter((lease) => this.isLeaseAlive(lease, now))
      .toSorted(byNameAndToken);
  }

  /** Counts the user's leases, including overdue ones. Takes constant time. */
  leaseCountOf(userId: UserId): number {
    return this.#locks.leaseCountOf(userId);
  }

  /** Counts the user's live leases. Takes time in proportion to the number of leases the user holds. */
  liveLeaseCountOf(userId: UserId, now: Instant): number {
    let live = 0;
    for (const { lease } of this.#locks.leasesOf(userId) ?? []) if (this.isLeaseAlive(lease, now)) live += 1;
    return live;
  }

  session(sessionId: SessionId): Session | null {
    return this.#sessions.record(sessionId)?.session ?? null;
  }

  /** Counts the user's sessions that are alive or overdue. Takes constant time. */
  activeSessionCountOf(userId: UserId): number {
    return this.#sessions.activeCountOf(userId);
  }

  /** Counts the user's live sessions. Takes time in proportion to the number of sessions the user has. */
  liveSessionCountOf(userId: UserId, now: Instant): number {
    let live = 0;
    for (const { session } of this.#sessions.activeOf(userId) ?? []) if (isAlive(session, now)) live += 1;
    return live;
  }

  /** The remembered session that expired first, or null if there is none. */
  get oldestRememberedSession(): Session | null {
    return this.#sessions.remembered.oldest;
  }

  rememberedSessionCountOf(userId: UserId): number {
    return this.#sessions.remembered.countOf(userId);
  }

  oldestRememberedSessionOf(userId: UserId): Session | null {
    return this.#sessions.remembered.oldestOf(userId);
  }

  leasesOfSession(sessionId: SessionId): Lease[] {
    return Array.from(this.#sessions.record(sessionId)?.leases ?? [], (record) => record.lease);
  }

  liveLeaseCountOfSession(sessionId: SessionId, now: Instant): number {
    return this.leasesOfSession(sessionId).filter((lease) => this.isLeaseAlive(lease, now)).length;
  }

  /** The lease, session or ticket with the earliest deadline. */
  earliestDue(): DueRecord | undefined {
    return this.#due.peek();
  }

  isAnythingDue(now: Instant): boolean {
    const due = this.earliestDue();
    return due !== undefined && isPast(due.deadline, now);
  }

  ticket(ticketId: TicketId): Ticket | null {
    return this.#tickets.withId(ticketId);
  }

  /** The ticket of the same holder for the same lease, if the client chose its id. */
  ticketForChosenLease(request: AcquireRequest): Ticket | null {
    return this.#tickets.forChosenLease(request);
  }

  ticketsOfSession(sessionId: SessionId): Ticket[] {
    return Array.from(this.#sessions.record(sessionId)?.tickets ?? []);
  }

  waiterCountOf(userId: UserId): number {
    return this.#tickets.countOf(userId);
  }

  queueLength(lockName: LockName): number {
    return this.#locks.named(lockName)?.queue?.length ?? 0;
  }

  /** Adds the request at the end of the queue of each lock it asks for. */
  enqueue(ticketId: TicketId, request: AcquireRequest, deadline: Instant): void {
    const ticket = newTicket(ticketId, request, deadline);
    this.#locks.join(ticket, request.lockName);
    this.#indexTicket(ticket);
  }

  /** Puts another request for the same locks in the places of a ticket. */
  replaceTicket(earlier: Ticket, ticketId: TicketId, request: AcquireRequest, deadline: Instant): void {
    const ticket = newTicket(ticketId, request, deadline);
    this.#locks.takeOver(ticket, earlier);
    this.#unindexTicket(earlier);
    this.#indexTicket(ticket);
  }

  dequeue(ticket: Ticket): void {
    this.#locks.leave(ticket);
    this.#unindexTicket(ticket);
  }

  #addLease(lease: Lease): void {
    const record = this.#locks.add(lease);
    this.#due.add(record);
    this.#sessionOf(lease)?.leases.add(record);
  }

  #replaceLease(lease: Lease): void {
    const record = this.#locks.recordOf(lease);
    record.lease = lease;
    record.deadline = lease.deadline;
    this.#due.reorder(record);
  }

  #removeLease(lease: Lease): void {
    const record = this.#locks.remove(lease);
    this.#due.remove(record);
    this.#sessionOf(lease)?.leases.delete(record);
  }

  #saveSession(session: Session): void {
    const known = this.#sessions.record(session.sessionId);
    if (known === undefined) return this.#due.add(this.#sessions.add(session));
    this.#sessions.replace(known, session);
    this.#due.reorder(known);
  }

  #indexTicket(ticket: Ticket): void {
    this.#tickets.add(ticket);
    this.#sessionOf(ticket.request)?.tickets.add(ticket);
    this.#due.add(ticket);
  }

  #unindexTicket(ticket: Ticket): void {
    this.#tickets.delete(ticket);
    this.#sessionOf(ticket.request)?.tickets.delete(ticket);
    this.#due.remove(ticket);
  }

  #sessionOf({ holder }: Lease | AcquireRequest): SessionRecord | undefined {
    return holder.sessionId === null ? undefined : this.#sessions.record(holder.sessionId);
  }
}

function newTicket(ticketId: TicketId, request: AcquireRequest, deadline: Instant): Ticket {
  return { kind: 'ticket', ticketId, request, deadline, heapIndex: -1, places: [] };
}

function byNameAndToken(a: Lease, b: Lease): number {
  if (a.lockName === b.lockName) return a.fencingToken - b.fencingToken;
  return a.lockName < b.lockName ? -1 : 1;
}

function unreachable(value: never): never {
  throw new Error(`unexpected change: ${JSON.stringify(value)}`);
}
