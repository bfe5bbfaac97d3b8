import type { AcquireRequest, Command, Wait } from '../../../src/core/model/command.js';
import type { LockEventType } from '../../../src/core/model/event.js';
import type { TicketId } from '../../../src/core/model/ids.js';
import type { Lease } from '../../../src/core/model/lease.js';
import type { LockName } from '../../../src/core/model/lock-name.js';
import type { AcquireAnswer, Outcome } from '../../../src/core/model/outcome.js';
import type { Session } from '../../../src/core/model/session.js';
import type { Quotas } from '../../../src/core/model/quotas.js';
import type { FencingToken } from '../../../src/core/model/ids.js';
import type { DurableState } from '../../../src/core/recovery.js';
import type { Instant } from '../../../src/core/model/time.js';
import { goTogether } from './go-together.js';

const HOUR_MS = 3_600_000;
const LAST_NUMBER = 2 ** 53 - 1;

export interface ModelEvent {
  readonly type: LockEventType;
  readonly lockName: LockName;
  readonly fencingToken: number;
}

/** What a command causes, as far as it can be seen from outside. */
export interface Effects {
  readonly outcome: Outcome;
  readonly events: ModelEvent[];
  readonly answers: Map<TicketId, AcquireAnswer>;
}

/**
 * Chooses which of several things comes first that have the same deadline, so that the law permits any order.
 * @param soFar what the command has caused before this choice.
 * @returns the index of the choice.
 */
export type Choose = (candidates: readonly Due[], soFar: Omit<Effects, 'outcome'>) => number;

export interface ModelTicket {
  readonly ticketId: TicketId;
  readonly request: AcquireRequest;
  readonly deadline: number;
}

/** Something that has a deadline. */
export type Due = { lease: Lease; deadline: number } | { session: Session; deadline: number } | ModelTicket;

/**
 * The law, written a second time from the promises of the service and as plainly as possible: three lists that are searched
 * from the front, and no index. Tests and proofs compare the service with it. A lock is whatever its leases say that it is,
 * so nothing here assumes that it has one holder; `goTogether` alone decides which leases it can have at the same time.
 */
export class LawModel {
  leases: Lease[] = [];
  sessions: Session[] = [];
  /** In the order of arrival. */
  tickets: ModelTicket[] = [];
  lastToken = 0;
  lastSequence = 0;
  #now = 0;
  #events: ModelEvent[] = [];
  #answers = new Map<TicketId, AcquireAnswer>();
  #choose: Choose = () => 0;

  constructor(private readonly options: Quotas) {}

  /** The model of a state that was loaded. Nobody waits. */
  static of(durable: DurableState, options: Quotas): LawModel {
    const model = new LawModel(options);
    model.leases = [...durable.leases];
    model.sessions = [...durable.sessions];
    model.lastToken = durable.lastFencingToken;
    model.lastSequence = durable.lastSequence;
    return model;
  }

  clone(): LawModel {
    const copy = new LawModel(this.options);
    copy.leases = [...this.leases];
    copy.sessions = [...this.sessions];
    copy.tickets = [...this.tickets];
    copy.lastToken = this.lastToken;
    copy.lastSequence = this.lastSequence;
    return copy;
  }

  apply(command: Command, now: number, choose: Choose): Effects {
    this.#now = now;
    this.#events = [];
    this.#answers = new Map();
    this.#choose = choose;
    const outcome = this.#decide(command);
    return { outcome, events: this.#events, answers: this.#answers };
  }

  /** A restart: nobody waits any more, and leases and sessions that are alive get time to renew. */
  restart(now: number, graceSeconds: number): void {
    const graced = <T extends { deadline: number; ttlSeconds: number }>(item: T): T => {
      if (item.deadline < now) return item;
      const grace = now + 1000 * Math.min(item.ttlSeconds, graceSeconds);
      return { ...item, deadline: Math.min(Math.max(item.deadline, grace), now + 1000 * item.ttlSeconds) };
    };
    this.tickets = [];
    this.leases = this.leases.map(graced);
    this.sessions = this.sessions.map((session) => (session.state === 'active' ? graced(session) : session));
  }

  isLive(lease: Lease, now: number): boolean {
    const { sessionId } = lease.holder;
    return now <= lease.deadline && (sessionId === null || this.#isSessionLive(sessionId, now));
  }

  #decide(command: Command): Outcome {
    switch (command.kind) {
      case 'acquire':
        return this.#acquire(command.request, command.wait);
      case 'release': {
        const lease = this.#own(command);
        if (lease === undefined) return { kind: 'lock_not_found' };
        this.#end(lease, 'released');
        return { kind: 'released' };
      }
      case 'renew': {
        const lease = this.#own(command);
        if (lease === undefined) return { kind: 'lock_not_found' };
        if (this.#numbersLeft < 1) return { kind: 'numbers_exhausted' };
        const { ttlSeconds } = command;
        const renewed = { ...lease, ttlSeconds, deadline: instant(this.#now + 1000 * ttlSeconds) };
        this.leases = this.leases.map((other) => (other === lease ? renewed : other));
        this.#report('renewed', renewed);
        return { kind: 'renewed', lease: renewed };
      }
      case 'leave_queue': {
        const tickets = this.tickets.filter(({ ticketId }) => ticketId === command.ticketId);
        this.#remove(tickets);
        return { kind: tickets.length > 0 ? 'left' : 'not_queued' };
      }
      case 'sweep':
        for (let ended = 0; ended < command.limit; ended += 1) this.#endOneDue();
        return { kind: 'swept', more: this.#due().length > 0 };
      default:
        return this.#decideOnSession(command);
    }
  }

  #decideOnSession(command: Extract<Command, { kind: `${string}session${string}` }>): Outcome {
    const { sessionId, userId } = command;
    if (command.kind === 'open_session') {
      const live = this.sessions.filter(
        (other) => other.userId === userId && this.#isSessionLive(other.sessionId),
      );
      const limit = this.options.maxSessionsPerUser;
      if (live.length >= limit) return { kind: 'session_limit_exceeded', limit };
      if (this.sessions.length >= this.options.maxSessions && !this.#forgetOldest(() => true)) {
        return { kind: 'too_many_sessions', limit: this.options.maxSessions };
      }
      const { ttlSeconds } = command;
      const deadline = instant(this.#now + 1000 * ttlSeconds);
      const session: Session = { sessionId, userId, ttlSeconds, state: 'active', deadline };
      this.sessions.push(session);
      return { kind: 'session_opened', session };
    }
    const refusal = this.#refusalOfSession(sessionId, userId);
    if (refusal !== null) return refusal;
    const session = this.#session(sessionId);
    if (command.kind === 'close_session') {
      this.#endSession(session, 'released');
      this.sessions = this.sessions.filter((other) => other.sessionId !== sessionId);
      return { kind: 'session_closed' };
    }
    const kept = { ...session, deadline: instant(this.#now + 1000 * session.ttlSeconds) };
    this.#replaceSession(kept);
    return { kind: 'session_kept_alive', session: kept };
  }

  #acquire(request: AcquireRequest, wait: Wait | null): Outcome {
    const { lockName, holder, leaseId } = request;
    if (holder.sessionId !== null) {
      const refusal = this.#refusalOfSession(holder.sessionId, holder.userId);
      if (refusal !== null) return refusal;
    }
    this.#endOverdue(lockName);
    const lease = this.#leasesOf(lockName).find(
      (other) =>
        other.holder.userId === holder.userId &&
        other.holder.sessionId === holder.sessionId &&
        (!request.leaseIdChosen || other.leaseId === leaseId),
    );
    if (lease !== undefined) return { kind: 'already_held', lease };
    const isFirst = this.tickets.every((ticket) => ticket.request.lockName !== lockName);
    if (isFirst && this.#fits(request)) return this.#grant(request);
    return wait === null ? this.#conflict(lockName) : this.#queue(request, wait);
  }

  #queue(request: AcquireRequest, { ticketId, seconds }: Wait): Outcome {
    const ticket = { ticketId, request, deadline: this.#now + 1000 * seconds };
    const earlier = this.tickets.find((other) => request.leaseIdChosen && isSameWish(other.request, request));
    if (earlier !== undefined) {
      this.tickets = this.tickets.map((other) => (other === earlier ? ticket : other));
      this.#answers.set(earlier.ticketId, this.#conflict(request.lockName));
      return { kind: 'queued' };
    }
    const { maxWaiters, maxWaitersPerUser } = this.options;
    const own = this.tickets.filter((other) => other.request.holder.userId === request.holder.userId);
    if (own.length >= maxWaitersPerUser)
      return { kind: 'too_many_waiters', of: 'user', limit: maxWaitersPerUser };
    if (this.tickets.length >= maxWaiters)
      return { kind: 'too_many_waiters', of: 'all_users', limit: maxWaiters };
    this.tickets.push(ticket);
    return { kind: 'queued' };
  }

  #leasesOf(lockName: LockName): Lease[] {
    return this.leases.filter((lease) => lease.lockName === lockName);
  }

  #fits(request: AcquireRequest): boolean {
    return goTogether([...this.#leasesOf(request.lockName), request]);
  }

  #grant(request: AcquireRequest): AcquireAnswer {
    const { userId } = request.holder;
    const held = this.leases.filter(
      (lease) => lease.holder.userId === userId && this.isLive(lease, this.#now),
    );
    const limit = this.options.maxLocksPerUser;
    if (held.length >= limit) return { kind: 'lock_limit_exceeded', limit };
    const { maxLocks } = this.options;
    if (this.leases.length >= maxLocks) return { kind: 'too_many_locks', limit: maxLocks };
    if (this.lastToken >= LAST_NUMBER || this.#numbersLeft < 2) return { kind: 'numbers_exhausted' };
    this.lastToken += 1;
    const { leaseIdChosen: _, ...wanted } = request;
    const deadline = instant(this.#now + 1000 * request.ttlSeconds);
    const lease: Lease = { ...wanted, fencingToken: fencingToken(this.lastToken), deadline };
    this.leases.push(lease);
    this.#report('acquired', lease);
    return { kind: 'acquired', lease };
  }

  #end(lease: Lease, how: 'released' | 'expired'): void {
    this.leases = this.leases.filter((other) => other.fencingToken !== lease.fencingToken);
    this.#report(how, lease);
    this.#handOver(lease.lockName);
  }

  /** Grants to waiters, as long as the first in line fits. */
  #handOver(lockName: LockName): void {
    for (;;) {
      const next = this.tickets.find(({ request }) => request.lockName === lockName);
      if (next === undefined || !this.#fits(next.request)) return;
      this.tickets = this.tickets.filter((other) => other !== next);
      const { sessionId } = next.request.holder;
      const isOver = sessionId !== null && !this.#isSessionLive(sessionId);
      this.#answers.set(next.ticketId, isOver ? { kind: 'session_expired' } : this.#grant(next.request));
    }
  }

  /** Removes tickets. They may have stood before others that fit. */
  #remove(gone: readonly ModelTicket[]): void {
    this.tickets = this.tickets.filter((ticket) => !gone.includes(ticket));
    for (const { request } of gone) this.#handOver(request.lockName);
  }

  #endSession(session: Session, how: 'released' | 'expired'): void {
    const isOfSession = (item: { holder: Lease['holder'] }): boolean =>
      item.holder.sessionId === session.sessionId;
    const tickets = this.tickets.filter(({ request }) => isOfSession(request));
    for (const { ticketId } of tickets) {
      this.#answers.set(ticketId, { kind: how === 'expired' ? 'session_expired' : 'session_not_found' });
    }
    this.#remove(tickets);
    const leases = this.leases.filter(isOfSession).toSorted((a, b) => a.fencingToken - b.fencingToken);
    for (const lease of leases) this.#end(lease, how);
  }

  #expireSession(session: Session): void {
    this.#endSession(session, 'expired');
    const remembered = this.sessions.filter((other) => isRememberedOf(session, other));
    if (remembered.length >= this.options.maxSessionsPerUser) {
      this.#forgetOldest((other) => isRememberedOf(session, other));
    }
    this.#replaceSession({ ...session, state: 'expired', deadline: instant(this.#now + HOUR_MS) });
  }

  /** Forgets the session that expired longest ago. Returns false if none is remembered. */
  #forgetOldest(mayBe: (session: Session) => boolean): boolean {
    const remembered = this.sessions.filter((session) => session.state === 'expired' && mayBe(session));
    const earliest = Math.min(...remembered.map(({ deadline }) => deadline));
    const candidates = remembered.filter(({ deadline }) => deadline === earliest);
    const oldest = this.#first(candidates.map((session) => ({ session, deadline: earliest })))?.session;
    this.sessions = this.sessions.filter((session) => session !== oldest);
    return oldest !== undefined;
  }

  /** Numbers that are left for events, after one has been reserved for the end of each lease. */
  get #numbersLeft(): number {
    return LAST_NUMBER - this.lastSequence - this.leases.length;
  }

  /** Ends the overdue leases of a lock before a request about it is decided, so that waiters come before the newcomer. */
  #endOverdue(lockName: LockName): void {
    for (;;) {
      const lease = this.#leasesOf(lockName).find((other) => !this.isLive(other, this.#now));
      if (lease === undefined) return;
      const { sessionId } = lease.holder;
      if (lease.deadline < this.#now || sessionId === null) this.#end(lease, 'expired');
      else this.#expireSession(this.#session(sessionId));
    }
  }

  #endOneDue(): void {
    const due = this.#due();
    const earliest = Math.min(...due.map(({ deadline }) => deadline));
    const candidates = due.filter(({ deadline }) => deadline === earliest);
    const chosen = this.#first(candidates);
    if (chosen === undefined) return;
    if ('lease' in chosen) this.#end(chosen.lease, 'expired');
    else if ('ticketId' in chosen) this.#endWait(chosen);
    else if (chosen.session.state === 'active') this.#expireSession(chosen.session);
    else this.sessions = this.sessions.filter((session) => session !== chosen.session);
  }

  #endWait(ticket: ModelTicket): void {
    const { lockName } = ticket.request;
    this.#endOverdue(lockName);
    if (!this.tickets.includes(ticket)) return;
    this.#answers.set(ticket.ticketId, this.#conflict(lockName));
    this.#remove([ticket]);
  }

  /** The one that comes first of several with the same deadline. */
  #first<D extends Due>(candidates: readonly D[]): D | undefined {
    if (candidates.length < 2) return candidates[0];
    return candidates[this.#choose(candidates, { events: this.#events, answers: this.#answers })];
  }

  #due(): Due[] {
    const all: Due[] = [
      ...this.leases.map((lease) => ({ lease, deadline: lease.deadline })),
      ...this.sessions.map((session) => ({ session, deadline: session.deadline })),
      ...this.tickets,
    ];
    return all.filter(({ deadline }) => deadline < this.#now);
  }

  #own(command: { lockName: LockName; leaseId: string; userId: string }): Lease | undefined {
    this.#endOverdue(command.lockName);
    return this.#leasesOf(command.lockName).find(
      ({ leaseId, holder }) => leaseId === command.leaseId && holder.userId === command.userId,
    );
  }

  /** Tells of the lease that was granted first. */
  #conflict(lockName: LockName): AcquireAnswer {
    const [lease] = this.#leasesOf(lockName);
    if (lease === undefined) throw new Error('a lock that is refused is held');
    const session = this.sessions.find(({ sessionId }) => sessionId === lease.holder.sessionId);
    const end = Math.min(lease.deadline, session?.deadline ?? Infinity);
    return { kind: 'conflict', lease, retryAfterMs: Math.max(0, end - this.#now) };
  }

  #refusalOfSession(
    sessionId: string,
    userId: string,
  ): { kind: 'session_not_found' | 'session_expired' } | null {
    const session = this.sessions.find((other) => other.sessionId === sessionId);
    if (session === undefined || session.userId !== userId) return { kind: 'session_not_found' };
    if (this.#isSessionLive(sessionId)) return null;
    if (session.state === 'active') this.#expireSession(session);
    return { kind: 'session_expired' };
  }

  #isSessionLive(sessionId: string, now = this.#now): boolean {
    const session = this.sessions.find((other) => other.sessionId === sessionId);
    return session?.state === 'active' && now <= session.deadline;
  }

  #session(sessionId: string): Session {
    const session = this.sessions.find((other) => other.sessionId === sessionId);
    if (session === undefined) throw new Error(`no session ${sessionId}`);
    return session;
  }

  #replaceSession(session: Session): void {
    this.sessions = this.sessions.map((other) => (other.sessionId === session.sessionId ? session : other));
  }

  #report(type: LockEventType, lease: Lease): void {
    this.lastSequence += 1;
    this.#events.push({ type, lockName: lease.lockName, fencingToken: lease.fencingToken });
  }
}

function isRememberedOf({ userId }: Session, other: Session): boolean {
  return other.state === 'expired' && other.userId === userId;
}

function isSameWish(a: AcquireRequest, b: AcquireRequest): boolean {
  return (
    a.leaseIdChosen &&
    a.lockName === b.lockName &&
    a.leaseId === b.leaseId &&
    a.holder.userId === b.holder.userId &&
    a.holder.sessionId === b.holder.sessionId
  );
}

const fencingToken = (number: number): FencingToken => number as FencingToken;
const instant = (milliseconds: number): Instant => milliseconds as Instant;
