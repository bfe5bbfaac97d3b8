import type { Change } from '../../src/core/model/change.js';
import type {
  AcquireRequest,
  Break,
  Command,
  Convert,
  KeptPlace,
  RequestRelease,
} from '../../src/core/model/command.js';
import { NO_COOLING, type CoolingTerms } from '../../src/core/model/cooling.js';
import { EXCLUSIVE, SHARED, type Demand, type LockMode, type Want } from '../../src/core/model/demand.js';
import type { FenceName } from '../../src/core/model/fence.js';
import type { ReportedEvent } from '../../src/core/model/event.js';
import type {
  Arrival,
  FencingToken,
  LeaseId,
  Sequence,
  SessionId,
  UserId,
  TicketId,
} from '../../src/core/model/ids.js';
import type { Quotas } from '../../src/core/model/quotas.js';
import type { Holder, Lease } from '../../src/core/model/lease.js';
import type { LockName } from '../../src/core/model/lock-name.js';
import type { Conflict, LinePosition, OutcomeOf, Settlement } from '../../src/core/model/outcome.js';
import type { Session } from '../../src/core/model/session.js';
import { State } from '../../src/core/state/state.js';
import { step, type Step } from '../../src/core/step.js';
import { afterMs, type Instant } from '../../src/core/model/time.js';

/** The core’s branded values, without the checks that the service makes. */
export const user = (name: string): UserId => name as UserId;
export const lock = (name: string): LockName => name as LockName;
export const fenceName = (name: string): FenceName => name as FenceName;
export const sessionId = (name: string): SessionId => name as SessionId;
export const leaseId = (name: string): LeaseId => name as LeaseId;
export const ticketId = (number: number): TicketId => number as TicketId;
export const arrival = (number: number): Arrival => number as Arrival;
export const fencingToken = (number: number): FencingToken => number as FencingToken;
export const sequence = (number: number): Sequence => number as Sequence;
export const instant = (milliseconds: number): Instant => milliseconds as Instant;

/** How a test wants a lock. With a limit it is counted. */
export interface DemandWish {
  readonly mode?: LockMode;
  readonly limit?: number;
  readonly permits?: number;
}

/** One of several locks that a request asks for. */
export type LockWish = string | (DemandWish & { readonly name: string });

/** The lock that a request asks for, or the several. */
export type LocksWish = string | readonly [LockWish, ...LockWish[]];

/** The fields of an acquire that a test sets; the others do not matter. */
export interface AcquireWish extends DemandWish {
  readonly user?: string;
  readonly session?: string | null;
  /** Chosen by the client; if it is omitted, the server generates one. */
  readonly leaseId?: string;
  readonly ttl?: number;
  readonly metadata?: string | null;
  /** In seconds. */
  readonly lockDelay?: number;
  /** In seconds. */
  readonly minHold?: number;
}

let minted = 0;

/** A request for one lock, as `wish` says, or for several, each of which may say how it is wanted. */
export function acquireRequest(locks: LocksWish, wish: AcquireWish = {}): AcquireRequest {
  minted += 1;
  return {
    wants: wantsOf(locks, wish),
    holder: holder(wish.user ?? 'ann', wish.session ?? null),
    leaseId: leaseId(wish.leaseId ?? `minted-${minted}`),
    leaseIdChosen: wish.leaseId !== undefined,
    ttlSeconds: wish.ttl ?? 60,
    metadata: wish.metadata ?? null,
    cooling: coolingTerms(wish),
  };
}

function coolingTerms({ lockDelay = 0, minHold = 0 }: AcquireWish): CoolingTerms {
  if (lockDelay === 0 && minHold === 0) return NO_COOLING;
  return { lockDelaySeconds: lockDelay, minHoldSeconds: minHold };
}

function wantsOf(locks: LocksWish, wish: DemandWish): readonly [Want, ...Want[]] {
  if (typeof locks === 'string') return [wantOf(locks, wish)];
  const [first, ...others] = locks;
  return [wantOf(first, wish), ...others.map((other) => wantOf(other, wish))];
}

function wantOf(locked: LockWish, wish: DemandWish): Want {
  if (typeof locked === 'string') return { lockName: lock(locked), demand: demandOf(wish) };
  return { lockName: lock(locked.name), demand: demandOf(locked) };
}

export function demandOf({ mode, limit, permits = 1 }: DemandWish): Demand {
  if (limit !== undefined) return { mode: 'counted', limit, permits };
  return mode === 'shared' ? SHARED : EXCLUSIVE;
}

/** The conflict with a lease that holds the lock: the first one, if it has several. */
export function heldBy(lease: Lease, retryAfterMs: number, place: LinePosition | null = null): Conflict {
  const obstacle = { kind: 'held', lease } as const;
  return { kind: 'conflict', lockName: lease.lockName, obstacle, retryAfterMs, place };
}

/** The conflict with those who ask for the lock and came earlier. The first of them stops asking at `until`. */
export function queuedBehind(
  lockName: string,
  until: number,
  retryAfterMs: number,
  place: LinePosition | null = null,
): Conflict {
  const obstacle = { kind: 'queued', until: instant(until) } as const;
  return { kind: 'conflict', lockName: lock(lockName), obstacle, retryAfterMs, place };
}

/** The conflict with a lock that no one is granted until then. */
export function delayedUntil(
  lockName: string,
  until: number,
  retryAfterMs: number,
  place: LinePosition | null = null,
): Conflict {
  const obstacle = { kind: 'delayed', until: instant(until) } as const;
  return { kind: 'conflict', lockName: lock(lockName), obstacle, retryAfterMs, place };
}

export function holder(userName: string, session: string | null = null): Holder {
  return { userId: user(userName), sessionId: session === null ? null : sessionId(session) };
}

const OPTIONS: Quotas = {
  maxLocks: 1_000,
  maxLocksPerUser: 100,
  maxSessions: 1_000,
  maxSessionsPerUser: 100,
  maxWaiters: 1_000,
  maxWaitersPerUser: 100,
  maxFences: 1_000,
  maxFencesPerUser: 100,
};

type AcquireOutcome = OutcomeOf<Extract<Command, { kind: 'acquire' }>>;
type WaitingWish = AcquireWish & { readonly seconds?: number };

/** The law with its own state and a manual time. Collects the events and settlements of all its steps. */
export class Law {
  readonly changes: Change[] = [];
  readonly events: ReportedEvent[] = [];
  readonly settlements: Settlement[] = [];
  readonly options: Quotas;
  now: Instant = instant(1_000_000);
  #state: State;
  #lastWaiter = 0;

  constructor(options: Partial<Quotas> = {}, state = new State()) {
    this.options = { ...OPTIONS, ...options };
    this.#state = state;
  }

  /** The law when only so many sequences are left. */
  static before(sequencesLeft: number): Law {
    const last = sequence(Number.MAX_SAFE_INTEGER - sequencesLeft);
    return new Law({}, new State(fencingToken(0), last));
  }

  get state(): State {
    return this.#state;
  }

  advance(milliseconds: number): void {
    this.now = afterMs(this.now, milliseconds);
  }

  do<C extends Command>(command: C): Step<C> {
    const result = step(this.#state, command, this.now, this.options);
    this.changes.push(...result.changes);
    this.events.push(...result.events);
    this.settlements.push(...result.settlements);
    return result;
  }

  acquire(locks: LocksWish, wish: AcquireWish = {}): AcquireOutcome {
    return this.do({ kind: 'acquire', request: acquireRequest(locks, wish), wait: null }).outcome;
  }

  /** Acquires locks that must be free. */
  grant(locks: LocksWish, wish: AcquireWish = {}): Lease {
    const outcome = this.acquire(locks, wish);
    if (outcome.kind !== 'acquired')
      throw new Error(`${JSON.stringify(locks)}: ${outcome.kind} instead of acquired`);
    return outcome.lease;
  }

  /** Asks for locks and is willing to wait, with a ticket of its own. */
  ask(locks: LocksWish, wish: WaitingWish = {}): AcquireOutcome {
    const wait = { ticketId: this.nextWaiter(), seconds: wish.seconds ?? 30 };
    return this.do({ kind: 'acquire', request: acquireRequest(locks, wish), wait }).outcome;
  }

  /** Waits in line for locks that must not be free. */
  queue(locks: LocksWish, wish: WaitingWish = {}): TicketId {
    const outcome = this.ask(locks, wish);
    if (outcome.kind !== 'queued')
      throw new Error(`${JSON.stringify(locks)}: ${outcome.kind} instead of queued`);
    return ticketId(this.#lastWaiter);
  }

  nextWaiter(): TicketId {
    this.#lastWaiter += 1;
    return ticketId(this.#lastWaiter);
  }

  release(lease: Lease, userName: string = lease.holder.userId): Step<Extract<Command, { kind: 'release' }>> {
    const { lockName, leaseId } = lease;
    return this.do({ kind: 'release', lockName, leaseId, userId: user(userName) });
  }

  renew(lease: Lease, ttlSeconds = 60): Step<Extract<Command, { kind: 'renew' }>> {
    const { lockName, leaseId } = lease;
    return this.do({ kind: 'renew', lockName, leaseId, userId: lease.holder.userId, ttlSeconds });
  }

  /** Releases a lease by its id alone. */
  releaseById(id: string, userName = 'ann'): Step<Extract<Command, { kind: 'release' }>> {
    return this.do({ kind: 'release', lockName: null, leaseId: leaseId(id), userId: user(userName) });
  }

  /** Renews a lease by its id alone. */
  renewById(id: string, userName = 'ann', ttlSeconds = 60): Step<Extract<Command, { kind: 'renew' }>> {
    const userId = user(userName);
    return this.do({ kind: 'renew', lockName: null, leaseId: leaseId(id), userId, ttlSeconds });
  }

  openSession(name: string, userName = 'ann', ttlSeconds = 60): Session {
    const command = {
      kind: 'open_session',
      sessionId: sessionId(name),
      userId: user(userName),
      ttlSeconds,
      madeWith: null,
    } as const;
    const { outcome } = this.do(command);
    if (outcome.kind !== 'session_opened') throw new Error(`${name}: ${outcome.kind}`);
    return outcome.session;
  }

  closeSession(name: string, userName = 'ann'): Step<Extract<Command, { kind: 'close_session' }>> {
    return this.do({ kind: 'close_session', sessionId: sessionId(name), userId: user(userName) });
  }

  keepAlive(name: string, userName = 'ann'): Step<Extract<Command, { kind: 'keep_session_alive' }>> {
    return this.do({ kind: 'keep_session_alive', sessionId: sessionId(name), userId: user(userName) });
  }

  /** The client of the ticket has gone, for good. */
  leave(waiter: TicketId): Step<Extract<Command, { kind: 'leave_queue' }>> {
    return this.do({ kind: 'leave_queue', ticketId: waiter, keepsPlace: false });
  }

  /** The client of the ticket has lost its connection. Its place is kept if it chose its lease id. */
  disconnect(waiter: TicketId): Step<Extract<Command, { kind: 'leave_queue' }>> {
    return this.do({ kind: 'leave_queue', ticketId: waiter, keepsPlace: true });
  }

  giveUp(lockName: string, id: string, userName = 'ann'): Step<Extract<Command, { kind: 'give_up_place' }>> {
    const [userId, name] = [user(userName), lock(lockName)];
    return this.do({ kind: 'give_up_place', lockName: name, userId, leaseId: leaseId(id) });
  }

  /** The client of a grant has gone before it learned of it. */
  takeBack(lease: Lease, place: KeptPlace | null = null): Step<Extract<Command, { kind: 'take_back' }>> {
    const { leaseId, fencingToken, holder } = lease;
    return this.do({ kind: 'take_back', userId: holder.userId, leaseId, fencingToken, place });
  }

  convert(lease: Lease, mode: 'exclusive' | 'shared', lockName = lease.lockName): OutcomeOf<Convert> {
    const { leaseId, holder: by } = lease;
    return this.do({ kind: 'convert', lockName, leaseId, userId: by.userId, mode }).outcome;
  }

  /** Converts a lease that can be converted. */
  converted(lease: Lease, mode: 'exclusive' | 'shared', lockName = lease.lockName): Lease {
    const outcome = this.convert(lease, mode, lockName);
    if (outcome.kind !== 'converted') throw new Error(`${outcome.kind} instead of converted`);
    return outcome.lease;
  }

  /** An administrator breaks the lock, or one of its leases. */
  breakLock(lockName: string, only?: Lease, brokenBy: string | null = 'root'): OutcomeOf<Break> {
    const fencingToken = only?.fencingToken ?? this.#state.lastFencingToken;
    const which = only === undefined ? 'through' : 'only';
    const by = { brokenBy: brokenBy === null ? null : user(brokenBy), reason: 'stuck' };
    return this.do({ kind: 'break', lockName: lock(lockName), ...by, which, fencingToken }).outcome;
  }

  requestRelease(lockName: string, message: string | null = null, by = 'bob'): OutcomeOf<RequestRelease> {
    const command = { lockName: lock(lockName), requestedBy: user(by), message };
    return this.do({ kind: 'request_release', ...command }).outcome;
  }

  advanceFence(
    name: string,
    token: number,
    userName = 'ann',
  ): Step<Extract<Command, { kind: 'advance_fence' }>> {
    const of = { name: fenceName(name), userId: user(userName), fencingToken: fencingToken(token) };
    return this.do({ kind: 'advance_fence', ...of });
  }

  deleteFence(name: string): Step<Extract<Command, { kind: 'delete_fence' }>> {
    return this.do({ kind: 'delete_fence', name: fenceName(name) });
  }

  /** The highest token that the fence has seen. Null if there is no such fence. */
  highest(name: string): number | null {
    return this.#state.fence(fenceName(name))?.highest ?? null;
  }

  sweep(limit = 1_000): Step<Extract<Command, { kind: 'sweep' }>> {
    return this.do({ kind: 'sweep', limit });
  }

  /** The lease that holds the lock now, as readers see it. */
  holding(lockName: string): Lease | null {
    return this.#state.firstLiveLease(lock(lockName), this.now);
  }

  /** The answer to a waiting acquire, if there is one. Fails if it was answered twice. */
  answerTo(waiter: TicketId): Settlement['answer'] | null {
    const answers = this.settlements.filter(({ ticketId }) => ticketId === waiter);
    if (answers.length > 1) throw new Error(`waiter ${waiter} was answered ${answers.length} times`);
    return answers[0]?.answer ?? null;
  }

  /** The place in the order of arrival of a waiting acquire that was answered. */
  arrivalOf(waiter: TicketId): Arrival {
    const settlement = this.settlements.find(({ ticketId }) => ticketId === waiter);
    if (settlement === undefined) throw new Error(`waiter ${waiter} was not answered`);
    return settlement.arrival;
  }

  /** The lease that a waiting acquire was granted. */
  grantedTo(waiter: TicketId): Lease {
    const answer = this.answerTo(waiter);
    if (answer?.kind !== 'acquired') throw new Error(`waiter ${waiter}: ${answer?.kind ?? 'no answer'}`);
    return answer.lease;
  }
}
