import type { Change } from '../../src/core/model/change.js';
import type { AcquireRequest, Command } from '../../src/core/model/command.js';
import type { ReportedEvent } from '../../src/core/model/event.js';
import type {
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
import type { OutcomeOf, Settlement } from '../../src/core/model/outcome.js';
import type { Session } from '../../src/core/model/session.js';
import { State } from '../../src/core/state/state.js';
import { step, type Step } from '../../src/core/step.js';
import { afterMs, type Instant } from '../../src/core/model/time.js';

/** The core’s branded values, without the checks that the service makes. */
export const user = (name: string): UserId => name as UserId;
export const lock = (name: string): LockName => name as LockName;
export const sessionId = (name: string): SessionId => name as SessionId;
export const leaseId = (name: string): LeaseId => name as LeaseId;
export const ticketId = (number: number): TicketId => number as TicketId;
export const fencingToken = (number: number): FencingToken => number as FencingToken;
export const sequence = (number: number): Sequence => number as Sequence;
export const instant = (milliseconds: number): Instant => milliseconds as Instant;

/** The fields of an acquire that a test sets; the others do not matter. */
export interface AcquireWish {
  readonly user?: string;
  readonly session?: string | null;
  /** Chosen by the client; if it is omitted, the server generates one. */
  readonly leaseId?: string;
  readonly ttl?: number;
  readonly metadata?: string | null;
}

let minted = 0;

export function acquireRequest(lockName: string, wish: AcquireWish = {}): AcquireRequest {
  minted += 1;
  return {
    lockName: lock(lockName),
    holder: holder(wish.user ?? 'ann', wish.session ?? null),
    leaseId: leaseId(wish.leaseId ?? `minted-${minted}`),
    leaseIdChosen: wish.leaseId !== undefined,
    ttlSeconds: wish.ttl ?? 60,
    metadata: wish.metadata ?? null,
  };
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
};

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

  acquire(lockName: string, wish: AcquireWish = {}): OutcomeOf<Extract<Command, { kind: 'acquire' }>> {
    return this.do({ kind: 'acquire', request: acquireRequest(lockName, wish), wait: null }).outcome;
  }

  /** Acquires a lock that must be free. */
  grant(lockName: string, wish: AcquireWish = {}): Lease {
    const outcome = this.acquire(lockName, wish);
    if (outcome.kind !== 'acquired') throw new Error(`${lockName}: ${outcome.kind} instead of acquired`);
    return outcome.lease;
  }

  /** Waits in line for a lock that must be held. */
  queue(lockName: string, wish: AcquireWish & { readonly seconds?: number } = {}): TicketId {
    const id = this.nextWaiter();
    const { outcome } = this.do({
      kind: 'acquire',
      request: acquireRequest(lockName, wish),
      wait: { ticketId: id, seconds: wish.seconds ?? 30 },
    });
    if (outcome.kind !== 'queued') throw new Error(`${lockName}: ${outcome.kind} instead of queued`);
    return id;
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

  openSession(name: string, userName = 'ann', ttlSeconds = 60): Session {
    const command = {
      kind: 'open_session',
      sessionId: sessionId(name),
      userId: user(userName),
      ttlSeconds,
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

  leave(waiter: TicketId): Step<Extract<Command, { kind: 'leave_queue' }>> {
    return this.do({ kind: 'leave_queue', ticketId: waiter });
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
}
