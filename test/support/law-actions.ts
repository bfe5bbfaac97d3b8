import * as fc from 'fast-check';
import type { Command } from '../../src/core/model/command.js';
import type { Lease } from '../../src/core/model/lease.js';
import { acquireRequest, sessionId, user, ticketId } from './law.js';

export const USERS = ['ann', 'bob', 'cid'] as const;
export const LOCKS = ['l0', 'l1', 'l2', 'l3', 'l4'] as const;
const CHOSEN_LEASE_IDS = ['c0', 'c1'] as const;

/** How many of the latest leases, sessions or tickets an action can choose from. */
const RECENT = 12;

/** Something that happens. Numbers choose among the leases, sessions or tickets that exist, so any list of actions makes sense. */
export type Action =
  | {
      readonly kind: 'acquire';
      readonly user: string;
      readonly lock: string;
      readonly session: number | null;
      /** Whether the user may be another than the session's. */
      readonly isStranger: boolean;
      readonly chosen: string | undefined;
      readonly ttl: number;
      readonly wait: number | null;
    }
  | { readonly kind: 'release'; readonly lease: number; readonly user: string | null }
  | { readonly kind: 'renew'; readonly lease: number; readonly user: string | null; readonly ttl: number }
  | { readonly kind: 'leave'; readonly waiter: number }
  | { readonly kind: 'open'; readonly user: string; readonly ttl: number }
  | { readonly kind: 'keep' | 'close'; readonly session: number; readonly user: string | null }
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

const acquire = fc.record({
  kind: fc.constant('acquire' as const),
  user: userName,
  lock: fc.constantFrom(...LOCKS),
  session: fc.option(oneOf, { freq: 2 }),
  isStranger: fc.nat(15).map((number) => number === 0),
  chosen: fc.option(fc.constantFrom(...CHOSEN_LEASE_IDS), { freq: 2, nil: undefined }),
  ttl,
  wait: fc.option(fc.integer({ min: 1, max: 6 }), { freq: 3 }),
});

const anyAction: fc.Arbitrary<Action> = fc.oneof(
  { weight: 12, arbitrary: acquire },
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant('release' as const), lease: oneOf, user: maybeWrongUser }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('renew' as const), lease: oneOf, user: maybeWrongUser, ttl }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('leave' as const), waiter: oneOf }) },
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
    arbitrary: fc.record({ kind: fc.constant('pass' as const), milliseconds: fc.constant(3_600_001) }),
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

/** Turns actions into commands. Remembers the leases, sessions and tickets to choose from. */
export class Actors {
  readonly #leases: Lease[] = [];
  readonly #sessions: { readonly name: string; readonly owner: string }[] = [];
  #waiters = 0;

  granted(lease: Lease): void {
    this.#leases.push(lease);
  }

  /** The command of an action; null if there is nothing to choose from yet. */
  command(action: CommandAction): Command | null {
    switch (action.kind) {
      case 'acquire':
        return this.#acquire(action);
      case 'release':
      case 'renew':
        return this.#ofLease(action);
      case 'leave':
        return { kind: 'leave_queue', ticketId: ticketId(this.#waiters - (action.waiter % RECENT)) };
      case 'open': {
        const name = `s${this.#sessions.length}`;
        this.#sessions.push({ name, owner: action.user });
        const userId = user(action.user);
        return { kind: 'open_session', sessionId: sessionId(name), userId, ttlSeconds: action.ttl };
      }
      case 'keep':
      case 'close':
        return this.#ofSession(action);
      default:
        return { kind: 'sweep', limit: action.limit };
    }
  }

  #acquire(action: Extract<Action, { kind: 'acquire' }>): Command {
    const session = action.session === null ? undefined : recent(this.#sessions, action.session);
    const request = acquireRequest(action.lock, {
      user: action.isStranger ? action.user : (session?.owner ?? action.user),
      session: session?.name ?? null,
      ttl: action.ttl,
      ...(action.chosen !== undefined && { leaseId: action.chosen }),
    });
    this.#waiters += 1;
    const wait = action.wait === null ? null : { ticketId: ticketId(this.#waiters), seconds: action.wait };
    return { kind: 'acquire', request, wait };
  }

  #ofLease(action: Extract<Action, { lease: number }>): Command | null {
    const lease = recent(this.#leases, action.lease);
    if (lease === undefined) return null;
    const { lockName, leaseId } = lease;
    const userId = action.user === null ? lease.holder.userId : user(action.user);
    if (action.kind === 'release') return { kind: 'release', lockName, leaseId, userId };
    return { kind: 'renew', lockName, leaseId, userId, ttlSeconds: action.ttl };
  }

  #ofSession(action: Extract<Action, { kind: 'keep' | 'close' }>): Command | null {
    const session = recent(this.#sessions, action.session);
    if (session === undefined) return null;
    const kind = action.kind === 'keep' ? 'keep_session_alive' : 'close_session';
    return { kind, sessionId: sessionId(session.name), userId: user(action.user ?? session.owner) };
  }
}

function recent<T>(items: readonly T[], choice: number): T | undefined {
  return items.at(-1 - (choice % Math.min(RECENT, items.length)));
}
