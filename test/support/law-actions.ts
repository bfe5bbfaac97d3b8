import * as fc from 'fast-check';
import type { Acquire, AcquireRequest, Command, KeptPlace } from '../../src/core/model/command.js';
import type { CoolingTerms } from '../../src/core/model/cooling.js';
import type { FencingToken, TicketId } from '../../src/core/model/ids.js';
import { locksOf, type Lease } from '../../src/core/model/lease.js';
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
  type DemandWish,
  type LockWish,
  type AcquireWish,
} from './law.js';

export const USERS = ['ann', 'bob', 'cid'] as const;
export const FENCES = ['f0', 'f1', 'f2', 'f3'] as const;
export const LOCKS = ['l0', 'l1', 'l2', 'l3'] as const;
export const CHOSEN_LEASE_IDS = ['c0', 'c1', 'c2'] as const;

/** How many of the latest leases, sessions, requests or tickets an action can choose from. */
const RECENT = 12;

/** A place in line is kept for so long while no one asks for it. */
const KEPT_MS = 15_000;

/** Something that happens. Numbers choose among the leases, sessions or tickets that exist, so any list of actions makes sense. */
export type Action =
  | {
      readonly kind: 'acquire';
      readonly user: string;
      readonly locks: readonly [LockWish, ...LockWish[]];
      readonly session: number | null;
      /** Whether the user may be another than the session's. */
      readonly isStranger: boolean;
      readonly chosen: string | undefined;
      readonly ttl: number;
      /** Counts if all locks are asked for exclusively. The locks are kept for at most as long as the lease. */
      readonly cooling: CoolingTerms | undefined;
      readonly wait: number | null;
    }
  | {
      /** A client repeats an earlier request, maybe with something changed. */
      readonly kind: 'again';
      readonly request: number;
      readonly change: 'nothing' | 'order' | 'demand' | 'locks' | 'session';
      readonly demand: DemandWish;
      readonly ttl: number;
      readonly wait: number | null;
    }
  | {
      readonly kind: 'release';
      readonly lease: number;
      readonly user: string | null;
      /** Which of its locks names the lease. Null for its id alone. */
      readonly by: number | null;
    }
  | {
      readonly kind: 'renew';
      readonly lease: number;
      readonly user: string | null;
      readonly by: number | null;
      readonly ttl: number;
    }
  | { readonly kind: 'leave'; readonly waiter: number; readonly keepsPlace: boolean }
  | { readonly kind: 'give_up'; readonly request: number; readonly by: number; readonly user: string | null }
  | { readonly kind: 'take_back'; readonly grant: number; readonly keepsPlace: boolean }
  | {
      readonly kind: 'convert';
      readonly lease: number;
      readonly user: string | null;
      readonly by: number;
      readonly mode: 'exclusive' | 'shared';
    }
  | {
      readonly kind: 'break';
      /** One of its locks is broken: only for the lease, for all up to it, or for all that there are. */
      readonly lease: number;
      readonly by: number;
      readonly which: 'only' | 'through' | 'all';
      readonly user: string | null;
    }
  | {
      readonly kind: 'request_release';
      readonly lease: number;
      readonly by: number;
      readonly user: string;
      readonly message: string | null;
    }
  | { readonly kind: 'open'; readonly user: string; readonly ttl: number }
  | { readonly kind: 'keep' | 'close'; readonly session: number; readonly user: string | null }
  | {
      readonly kind: 'advance_fence';
      readonly name: string;
      readonly user: string;
      /** The lease that has the token. */
      readonly of: number;
      /** 0 is the lease's own token. Others are tokens that its holder does not have, and that may not be issued yet. */
      readonly beyond: number;
    }
  | { readonly kind: 'delete_fence'; readonly name: string }
  | { readonly kind: 'sweep'; readonly limit: number }
  | { readonly kind: 'pass'; readonly milliseconds: number }
  | { readonly kind: 'pass_to_deadline'; readonly beyond: number }
  | { readonly kind: 'restart'; readonly downMs: number; readonly graceSeconds: number };

/** An action that is a command to the law; the others let time pass or stop the server. */
type CommandAction = Exclude<Action, { kind: 'pass' | 'pass_to_deadline' | 'restart' }>;

const oneOf = fc.nat(1_000);
const userName = fc.constantFrom(...USERS);
/** Mostly the right one. */
const maybeWrongUser = fc.option(userName, { freq: 6 });
const ttl = fc.integer({ min: 1, max: 6 });
const wait = fc.option(fc.integer({ min: 1, max: 6 }), { freq: 3 });
const by = fc.option(fc.nat(3), { freq: 2 });

const demand: fc.Arbitrary<DemandWish> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<DemandWish>({}) },
  { weight: 3, arbitrary: fc.constant<DemandWish>({ mode: 'shared' }) },
  {
    weight: 4,
    arbitrary: fc.constantFrom<DemandWish>(
      { limit: 3 },
      { limit: 3, permits: 2 },
      { limit: 3, permits: 3 },
      { limit: 2 },
    ),
  },
);

/** Mostly one lock; otherwise several in any order, each with its own demand. */
const locks: fc.Arbitrary<readonly [LockWish, ...LockWish[]]> = fc
  .tuple(
    fc.shuffledSubarray([...LOCKS], { minLength: 1, maxLength: LOCKS.length }),
    fc.constantFrom(1, 1, 1, 2, 2, 3),
    fc.array(demand, { minLength: LOCKS.length, maxLength: LOCKS.length }),
  )
  .map(([names, count, demands]) => {
    const wishes = names.slice(0, count).map((name, index) => Object.assign({ name }, demands[index]));
    return wishes as [LockWish, ...LockWish[]];
  });

/** Mostly the usual terms. */
const cooling = fc.option(
  fc.record({ lockDelaySeconds: fc.nat(3), minHoldSeconds: fc.constantFrom(0, 0, 1, 3, 6) }),
  { freq: 2, nil: undefined },
);

const acquire = fc.record({
  kind: fc.constant('acquire' as const),
  user: userName,
  locks,
  session: fc.option(oneOf, { freq: 2 }),
  isStranger: fc.nat(15).map((number) => number === 0),
  chosen: fc.option(fc.constantFrom(...CHOSEN_LEASE_IDS), { freq: 3, nil: undefined }),
  ttl,
  cooling,
  wait,
});

const again = fc.record({
  kind: fc.constant('again' as const),
  request: oneOf,
  change: fc.constantFrom(
    ...(['nothing', 'nothing', 'nothing', 'nothing', 'order', 'demand', 'locks', 'session'] as const),
  ),
  demand,
  ttl,
  wait,
});

const anyAction: fc.Arbitrary<Action> = fc.oneof(
  { weight: 14, arbitrary: acquire },
  { weight: 6, arbitrary: again },
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant('release' as const), lease: oneOf, user: maybeWrongUser, by }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('renew' as const),
      lease: oneOf,
      user: maybeWrongUser,
      by,
      ttl,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('leave' as const),
      waiter: oneOf,
      keepsPlace: fc.nat(3).map((number) => number > 0),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('give_up' as const),
      request: oneOf,
      by: oneOf,
      user: maybeWrongUser,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('take_back' as const),
      grant: oneOf,
      keepsPlace: fc.nat(3).map((number) => number > 0),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('convert' as const),
      lease: oneOf,
      user: maybeWrongUser,
      by: fc.nat(3),
      mode: fc.constantFrom('exclusive', 'shared'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('break' as const),
      lease: oneOf,
      by: fc.nat(3),
      which: fc.constantFrom('only', 'through', 'all', 'all'),
      user: fc.option(userName, { freq: 2 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('request_release' as const),
      lease: oneOf,
      by: fc.nat(3),
      user: userName,
      message: fc.option(fc.constant('please'), { freq: 2 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('advance_fence' as const),
      name: fc.constantFrom(...FENCES),
      user: userName,
      of: oneOf,
      beyond: fc.constantFrom(0, 0, 0, 0, 1, 12),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('delete_fence' as const), name: fc.constantFrom(...FENCES) }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('open' as const), user: userName, ttl }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('keep' as const), session: oneOf, user: maybeWrongUser }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('close' as const), session: oneOf, user: maybeWrongUser }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('sweep' as const), limit: fc.constantFrom(1, 2, 1_000) }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('pass' as const), milliseconds: fc.nat(3_000) }) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('pass_to_deadline' as const), beyond: fc.constantFrom(0, 1) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('pass' as const),
      milliseconds: fc.constantFrom(KEPT_MS, KEPT_MS + 1, 3_600_001),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('restart' as const),
      downMs: fc.nat(4_000),
      graceSeconds: fc.constantFrom(0, 2, 10),
    }),
  },
);

export const actions = (maxLength: number): fc.Arbitrary<Action[]> =>
  fc.array(anyAction, { minLength: 1, maxLength, size: 'max' });

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
        return this.#ofHeldLock(action);
      case 'open': {
        const name = `s${this.#sessions.length}`;
        this.#sessions.push({ name, owner: action.user });
        const userId = user(action.user);
        return { kind: 'open_session', sessionId: sessionId(name), userId, ttlSeconds: action.ttl };
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

  #ofHeldLock(action: Extract<Action, { kind: 'convert' | 'break' | 'request_release' }>): Command | null {
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
