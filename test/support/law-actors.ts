import type { Acquire, AcquireRequest, Command, KeptPlace } from '../../src/core/model/command.js';
import type { CoolingTerms } from '../../src/core/model/cooling.js';
import type { FencingToken, TicketId } from '../../src/core/model/ids.js';
import { holdOn, lockNamesOf, locksOf, type Lease } from '../../src/core/model/lease.js';
import type { LockName } from '../../src/core/model/lock-name.js';
import type { Step } from '../../src/core/step.js';
import {
  acquireRequest,
  demandOf,
  fenceName,
  fencingToken,
  lock,
  sessionId,
  user,
  ticketId,
  type AcquireWish,
  type LockWish,
} from './law.js';
import { LOCKS, type Action, type CommandAction } from './law-actions.js';

/** How many of the latest leases, sessions, requests or tickets an action can choose from. */
const RECENT = 12;

/** Turns actions into commands. Remembers the leases, sessions, requests and tickets to choose from. */
export class Actors {
  readonly #leases: Lease[] = [];
  readonly #sessions: { readonly name: string; readonly owner: string }[] = [];
  readonly #requests: AcquireRequest[] = [];
  #waiting = new Map<TicketId, AcquireRequest>();
  /** Leases that were granted in line, each with its place. */
  #grants: { readonly lease: Lease; readonly place: KeptPlace }[] = [];
  #waiters = 0;

  /** Learns what a command has caused. */
  learn(command: Command, { changes, settlements }: Step): void {
    if (command.kind === 'acquire' && command.wait !== null)
      this.#waiting.set(command.wait.ticketId, command.request);
    for (const change of changes) {
      if (change.kind === 'lease_granted') this.#leases.push(change.lease);
      if (change.kind === 'lease_converted') this.#leases.push(change.to);
    }
    for (const { ticketId, answer, arrival } of settlements) {
      const request = this.#waiting.get(ticketId);
      if (answer.kind === 'acquired' && request !== undefined)
        this.#grants.push({ lease: answer.lease, place: { ticketId, request, arrival } });
    }
  }

  /** After it no one waits, and no place is kept. */
  restart(): void {
    this.#waiting = new Map();
    this.#grants = [];
  }

  /** The command of an action; null if there is nothing to choose from yet. */
  command(action: CommandAction): Command | null {
    switch (action.kind) {
      case 'acquire':
        return this.#acquire(action);
      case 'again':
        return this.#again(action);
      case 'release':
      case 'renew':
        return this.#ofLease(action);
      case 'leave': {
        const { waiter, keepsPlace } = action;
        return { kind: 'leave_queue', ticketId: ticketId(this.#waiters - (waiter % RECENT)), keepsPlace };
      }
      case 'give_up':
        return this.#giveUp(action);
      case 'take_back':
        return this.#takeBack(action);
      case 'convert':
      case 'break':
      case 'request_release':
      case 'warn':
        return this.#ofHeldLock(action);
      case 'open': {
        const name = `s${this.#sessions.length}`;
        this.#sessions.push({ name, owner: action.user });
        const userId = user(action.user);
        return {
          kind: 'open_session',
          sessionId: sessionId(name),
          userId,
          ttlSeconds: action.ttl,
          madeWith: null,
        };
      }
      case 'keep':
      case 'close':
        return this.#ofSession(action);
      case 'advance_fence':
        return this.#advanceFence(action);
      case 'delete_fence':
        return { kind: 'delete_fence', name: fenceName(action.name) };
      default:
        return { kind: 'sweep', limit: action.limit };
    }
  }

  #acquire(action: Extract<Action, { kind: 'acquire' }>): Command {
    const session = action.session === null ? undefined : recent(this.#sessions, action.session);
    const request = acquireRequest(action.locks, {
      user: action.isStranger ? action.user : (session?.owner ?? action.user),
      session: session?.name ?? null,
      ttl: action.ttl,
      ...(action.chosen !== undefined && { leaseId: action.chosen }),
      ...(action.cooling !== undefined && isExclusive(action.locks) && coolingOf(action.cooling, action.ttl)),
    });
    return this.#ask(request, action.wait);
  }

  #again(action: Extract<Action, { kind: 'again' }>): Command | null {
    const earlier = recent(this.#requests, action.request);
    if (earlier === undefined) return null;
    const request = { ...changed(earlier, action), ttlSeconds: action.ttl };
    return this.#ask({ ...request, ...this.#idAgain(earlier) }, action.wait);
  }

  /** A client knows an id that it chose, or that it was told with its lease. Otherwise the server generates a new one. */
  #idAgain({ leaseId, leaseIdChosen }: AcquireRequest): Pick<AcquireRequest, 'leaseId' | 'leaseIdChosen'> {
    const isKnown = leaseIdChosen || this.#leases.some((lease) => lease.leaseId === leaseId);
    if (isKnown) return { leaseId, leaseIdChosen: true };
    return { leaseId: acquireRequest('any').leaseId, leaseIdChosen: false };
  }

  #ask(request: AcquireRequest, seconds: number | null): Acquire {
    this.#requests.push(request);
    this.#waiters += 1;
    const wait = seconds === null ? null : { ticketId: ticketId(this.#waiters), seconds };
    return { kind: 'acquire', request, wait };
  }

  #ofLease(action: Extract<Action, { kind: 'release' | 'renew' }>): Command | null {
    const lease = recent(this.#leases, action.lease);
    if (lease === undefined) return null;
    const { leaseId } = lease;
    const lockName = action.by === null ? null : nameOf(locksOf(lease), action.by);
    const userId = action.user === null ? lease.holder.userId : user(action.user);
    if (action.kind === 'release') return { kind: 'release', lockName, leaseId, userId };
    return { kind: 'renew', lockName, leaseId, userId, ttlSeconds: action.ttl };
  }

  #ofHeldLock(
    action: Extract<Action, { kind: 'convert' | 'break' | 'request_release' | 'warn' }>,
  ): Command | null {
    const lease = recent(this.#leases, action.lease);
    if (lease === undefined) return null;
    const lockName = nameOf(locksOf(lease), action.by);
    switch (action.kind) {
      case 'convert': {
        const userId = action.user === null ? lease.holder.userId : user(action.user);
        return { kind: 'convert', lockName, userId, leaseId: lease.leaseId, mode: action.mode };
      }
      case 'break': {
        const brokenBy = action.user === null ? null : user(action.user);
        const token = action.which === 'all' ? this.#newestToken : lease.fencingToken;
        const which = action.which === 'only' ? 'only' : 'through';
        return { kind: 'break', lockName, brokenBy, reason: 'a reason', which, fencingToken: token };
      }
      case 'warn': {
        const { holder, fencingToken, metadata } = lease;
        const facts = {
          holder,
          fencingToken,
          metadata,
          hold: holdOn(lease, lockName),
          leaseLocks: lockNamesOf(lease),
        };
        return {
          kind: 'warn',
          lockName,
          lease: facts,
          warning: { kind: 'renews_late', marginMs: 1, ttlMs: 10 },
        };
      }
      default: {
        const { message } = action;
        return { kind: 'request_release', lockName, requestedBy: user(action.user), message };
      }
    }
  }

  get #newestToken(): FencingToken {
    return fencingToken(Math.max(...this.#leases.map((lease) => lease.fencingToken)));
  }

  #giveUp(action: Extract<Action, { kind: 'give_up' }>): Command | null {
    const request = recent(this.#requests, action.request);
    if (request === undefined) return null;
    const { leaseId, holder, wants } = request;
    const userId = action.user === null ? holder.userId : user(action.user);
    return { kind: 'give_up_place', lockName: nameOf(wants, action.by), userId, leaseId };
  }

  #takeBack({ grant, keepsPlace }: Extract<Action, { kind: 'take_back' }>): Command | null {
    const granted = recent(this.#grants, grant);
    if (granted === undefined) return null;
    const { leaseId, fencingToken, holder } = granted.lease;
    const place = keepsPlace && granted.place.request.leaseIdChosen ? granted.place : null;
    return { kind: 'take_back', userId: holder.userId, leaseId, fencingToken, place };
  }

  #advanceFence({ name, user: by, of, beyond }: Extract<Action, { kind: 'advance_fence' }>): Command {
    const own = recent(this.#leases, of)?.fencingToken ?? 1;
    const token = fencingToken(Math.min(own + beyond, Number.MAX_SAFE_INTEGER));
    return { kind: 'advance_fence', name: fenceName(name), userId: user(by), fencingToken: token };
  }

  #ofSession(action: Extract<Action, { kind: 'keep' | 'close' }>): Command | null {
    const session = recent(this.#sessions, action.session);
    if (session === undefined) return null;
    const kind = action.kind === 'keep' ? 'keep_session_alive' : 'close_session';
    return { kind, sessionId: sessionId(session.name), userId: user(action.user ?? session.owner) };
  }
}

function isExclusive(wishes: readonly LockWish[]): boolean {
  return wishes.every((wish) => typeof wish === 'string' || demandOf(wish).mode === 'exclusive');
}

function coolingOf({ lockDelaySeconds, minHoldSeconds }: CoolingTerms, ttlSeconds: number): AcquireWish {
  return { lockDelay: lockDelaySeconds, minHold: Math.min(minHoldSeconds, ttlSeconds) };
}

/** The request with something changed. With the same lease id, only another order of its locks makes it a repeat. */
function changed(
  request: AcquireRequest,
  { change, demand: wish }: Extract<Action, { kind: 'again' }>,
): AcquireRequest {
  const [first, ...others] = request.wants;
  switch (change) {
    case 'nothing':
      return request;
    case 'order': {
      const [last, ...before] = others.toReversed();
      return last === undefined ? request : { ...request, wants: [last, ...before, first] };
    }
    case 'demand':
      return { ...request, wants: [{ ...first, demand: demandOf(wish) }, ...others] };
    case 'locks': {
      const [second, ...rest] = others;
      if (second !== undefined) return { ...request, wants: [second, ...rest] };
      const other = LOCKS.map(lock).find((name) => name !== first.lockName) ?? first.lockName;
      return { ...request, wants: [first, { lockName: other, demand: demandOf(wish) }] };
    }
    default:
      return { ...request, holder: { ...request.holder, sessionId: null } };
  }
}

function nameOf(locked: readonly { readonly lockName: LockName }[], choice: number): LockName {
  const chosen = locked[choice % locked.length];
  if (chosen === undefined) throw new Error('nothing to choose from');
  return chosen.lockName;
}

function recent<T>(items: readonly T[], choice: number): T | undefined {
  return items.at(-1 - (choice % Math.min(RECENT, items.length)));
}
