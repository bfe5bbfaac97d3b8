import type { BrokenLease } from '../../../src/core/model/broken-lease.js';
import type { Cooling } from '../../../src/core/model/cooling.js';
import type { Hold } from '../../../src/core/model/demand.js';
import type { AcquireRequest } from '../../../src/core/model/command.js';
import type { EventActor, LockEventType } from '../../../src/core/model/event.js';
import type { Fence } from '../../../src/core/model/fence.js';
import type { Arrival, TicketId, UserId } from '../../../src/core/model/ids.js';
import { holdOn, locksOf, type Lease } from '../../../src/core/model/lease.js';
import type { LockName } from '../../../src/core/model/lock-name.js';
import type { Outcome, Settlement } from '../../../src/core/model/outcome.js';
import type { ReleaseRequest } from '../../../src/core/model/release-request.js';
import type { Quotas } from '../../../src/core/model/quotas.js';
import type { Session } from '../../../src/core/model/session.js';
import type { Instant } from '../../../src/core/model/time.js';

const LAST_NUMBER = 2 ** 53 - 1;

/** A broken lease is remembered for so long. */
const BROKEN_MEMORY_MS = 3_600_000;

export interface ModelEvent {
  readonly type: LockEventType;
  readonly actor: EventActor;
  readonly lockName: LockName;
  readonly fencingToken: number;
  readonly hold: Hold;
  readonly leaseLocks: readonly LockName[];
  /** Why a lease was broken, or why its holder is asked to release it. Null for other events. */
  readonly text: string | null;
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
export type Due =
  | { lease: Lease; deadline: number }
  | { session: Session; deadline: number }
  | { cooling: Cooling; deadline: number }
  | { broken: BrokenLease; deadline: number }
  | ModelTicket;

/** How a lease ends. */
export type LeaseEnd = 'released' | 'expired' | 'broken';

/** Who causes an event, and what they say about it. */
export interface Cause {
  readonly actor: EventActor;
  readonly text: string | null;
}

/** What the model knows: lists that are searched from the front, and no index. */
export class ModelState {
  /** In the order of their grants. */
  leases: Lease[] = [];
  sessions: Session[] = [];
  coolings: Cooling[] = [];
  brokenLeases: BrokenLease[] = [];
  /** The latest of each lock that is held. */
  releaseRequests = new Map<LockName, ReleaseRequest>();
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

  coolingOf(lockName: LockName): Cooling | undefined {
    return this.coolings.find((cooling) => cooling.lockName === lockName);
  }

  /** Until when the lock is kept from everyone, overdue leases considered. Null if it is not. */
  availableAt(lockName: LockName, now: number): Instant | null {
    const overdue = this.leasesOf(lockName).filter((lease) => !this.isLive(lease, now));
    const exclusive = overdue.filter((lease) => holdOn(lease, lockName).mode === 'exclusive');
    const until = this.coolingOf(lockName)?.until ?? exclusive.map((lease) => this.coolsUntil(lease))[0];
    return until === undefined || until < now ? null : until;
  }

  /** Until when the exclusive locks of a lease cool that expires. -Infinity if they do not. */
  coolsUntil({ deadline, holder, terms: { lockDelaySeconds, keptUntil } }: Lease): Instant {
    const session = this.sessions.find(({ sessionId }) => sessionId === holder.sessionId);
    const end = Math.min(deadline, session?.deadline ?? Infinity);
    return instant(Math.max(end + 1000 * lockDelaySeconds, keptUntil ?? -Infinity));
  }

  /** The broken leases that are still remembered, in the order in which they were broken; in the same instant, in that of their tokens. */
  rememberedAt(now: number): BrokenLease[] {
    const remembered = this.brokenLeases.filter((broken) => now <= endOfMemory(broken));
    return remembered.toSorted((a, b) => a.brokenAt - b.brokenAt || a.fencingToken - b.fencingToken);
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
  report(type: LockEventType, lease: Lease, cause: Cause = usualCause(type, lease)): void {
    for (const { lockName } of locksOf(lease)) this.reportOne(type, lease, lockName, cause);
  }

  /** An event about one lock of the lease. */
  reportOne(type: LockEventType, lease: Lease, lockName: LockName, cause: Cause): void {
    const { fencingToken } = lease;
    const leaseLocks = locksOf(lease).map((held) => held.lockName);
    this.lastSequence += 1;
    this.events.push({ type, lockName, fencingToken, hold: holdOn(lease, lockName), leaseLocks, ...cause });
  }

  answer({ ticketId, arrival }: ModelTicket, answer: Settlement['answer']): void {
    this.answers.set(ticketId, { answer, arrival });
  }

  due(): Due[] {
    const all: Due[] = [
      ...this.leases.map((lease) => ({ lease, deadline: lease.deadline })),
      ...this.sessions.map((session) => ({ session, deadline: session.deadline })),
      ...this.coolings.map((cooling) => ({ cooling, deadline: cooling.until })),
      ...this.brokenLeases.map((broken) => ({ broken, deadline: endOfMemory(broken) })),
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

/** The holder causes what happens to its lease, except that the lease expires. */
function usualCause(type: LockEventType, { holder: { userId } }: Lease): Cause {
  return { actor: type === 'expired' ? { kind: 'service' } : { kind: 'user', userId }, text: null };
}

function endOfMemory({ brokenAt }: BrokenLease): number {
  return brokenAt + BROKEN_MEMORY_MS;
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
