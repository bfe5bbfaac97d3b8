import type { Hold } from '../../../src/core/model/demand.js';
import type { AcquireRequest } from '../../../src/core/model/command.js';
import type { LockEventType } from '../../../src/core/model/event.js';
import type { Fence } from '../../../src/core/model/fence.js';
import type { Arrival, TicketId, UserId } from '../../../src/core/model/ids.js';
import { locksOf, type Lease } from '../../../src/core/model/lease.js';
import type { LockName } from '../../../src/core/model/lock-name.js';
import type { Outcome, Settlement } from '../../../src/core/model/outcome.js';
import type { Quotas } from '../../../src/core/model/quotas.js';
import type { Session } from '../../../src/core/model/session.js';
import type { Instant } from '../../../src/core/model/time.js';

const LAST_NUMBER = 2 ** 53 - 1;

export interface ModelEvent {
  readonly type: LockEventType;
  readonly lockName: LockName;
  readonly fencingToken: number;
  readonly hold: Hold;
  readonly leaseLocks: readonly LockName[];
}

export type ModelAnswer = Omit<Settlement, 'ticketId'>;

/** What a command causes, as far as it can be seen from outside. */
export interface Effects {
  readonly outcome: Outcome;
  readonly events: ModelEvent[];
  readonly answers: Map<TicketId, ModelAnswer>;
}

/**
 * Chooses what comes first of several things that may come in any order: what has the same deadline, and grants of different locks.
 * @param soFar what the command has caused before this choice.
 * @returns the index of the choice.
 */
export type Choose = (candidates: readonly Due[], soFar: Omit<Effects, 'outcome'>) => number;

export interface ModelTicket {
  readonly ticketId: TicketId;
  readonly request: AcquireRequest;
  readonly arrival: Arrival;
  readonly deadline: number;
  /** When it fell silent, as a number that increases. Null while it asks. */
  readonly silence: number | null;
}

/** Something that has a deadline. */
export type Due = { lease: Lease; deadline: number } | { session: Session; deadline: number } | ModelTicket;

/** What the model knows: lists that are searched from the front, and no index. */
export class ModelState {
  /** In the order of their grants. */
  leases: Lease[] = [];
  sessions: Session[] = [];
  fences: Fence[] = [];
  /** In the order of arrival. */
  tickets: ModelTicket[] = [];
  /** Locks that a step has not handed over to the end. */
  unfinished: LockName[] = [];
  lastToken = 0;
  lastSequence = 0;
  lastArrival = 0;
  lastSilence = 0;
  now = 0;
  /** How many tickets the present command has served. */
  served = 0;
  events: ModelEvent[] = [];
  answers = new Map<TicketId, ModelAnswer>();
  choose: Choose = () => 0;

  constructor(readonly options: Quotas) {}

  leasesOf(lockName: LockName): Lease[] {
    return this.leases.filter((lease) => locksOf(lease).some((held) => held.lockName === lockName));
  }

  holdsOf(lockName: LockName): Hold[] {
    const held = this.leases.flatMap(locksOf).filter((other) => other.lockName === lockName);
    return held.map(({ hold }) => hold);
  }

  /** The tickets that ask for the lock, in the order of arrival. */
  askingFor(lockName: LockName): ModelTicket[] {
    return this.tickets.filter((ticket) => isAsking(ticket) && isInLine(ticket, lockName));
  }

  isLive(lease: Lease, now: number): boolean {
    const { sessionId } = lease.holder;
    return now <= lease.deadline && (sessionId === null || this.isSessionLive(sessionId, now));
  }

  isSessionLive(sessionId: string, now = this.now): boolean {
    const session = this.sessions.find((other) => other.sessionId === sessionId);
    return session?.state === 'active' && now <= session.deadline;
  }

  session(sessionId: string): Session {
    const session = this.sessions.find((other) => other.sessionId === sessionId);
    if (session === undefined) throw new Error(`no session ${sessionId}`);
    return session;
  }

  replaceSession(session: Session): void {
    this.sessions = this.sessions.map((other) => (other.sessionId === session.sessionId ? session : other));
  }

  /** Numbers that are left for events, after one has been reserved for the end of each held lock. */
  get numbersLeft(): number {
    return LAST_NUMBER - this.lastSequence - this.leases.flatMap(locksOf).length;
  }

  get isOutOfTokens(): boolean {
    return this.lastToken >= LAST_NUMBER;
  }

  /** One event for each lock of the lease. */
  report(type: LockEventType, lease: Lease): void {
    const held = locksOf(lease);
    const leaseLocks = held.map(({ lockName }) => lockName);
    for (const { lockName, hold } of held) {
      this.lastSequence += 1;
      this.events.push({ type, lockName, fencingToken: lease.fencingToken, hold, leaseLocks });
    }
  }

  answer({ ticketId, arrival }: ModelTicket, answer: Settlement['answer']): void {
    this.answers.set(ticketId, { answer, arrival });
  }

  due(): Due[] {
    const all: Due[] = [
      ...this.leases.map((lease) => ({ lease, deadline: lease.deadline })),
      ...this.sessions.map((session) => ({ session, deadline: session.deadline })),
      ...this.tickets,
    ];
    return all.filter(({ deadline }) => deadline < this.now);
  }

  /** The one that comes first of several that may come in any order. */
  first<D extends Due>(candidates: readonly D[]): D | undefined {
    if (candidates.length < 2) return candidates[0];
    return candidates[this.choose(candidates, { events: this.events, answers: this.answers })];
  }
}

export function isAsking({ silence }: ModelTicket): boolean {
  return silence === null;
}

export function isInLine({ request }: ModelTicket, lockName: LockName): boolean {
  return request.wants.some((want) => want.lockName === lockName);
}

export function isOfUser({ request }: ModelTicket, userId: UserId): boolean {
  return request.holder.userId === userId;
}

export const instant = (milliseconds: number): Instant => milliseconds as Instant;
