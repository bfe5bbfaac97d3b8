import * as fc from 'fast-check';
import type { CoolingTerms } from '../../src/core/model/cooling.js';
import type { DemandWish, LockWish } from './law.js';

export const USERS = ['ann', 'bob', 'cid'] as const;
export const FENCES = ['f0', 'f1', 'f2', 'f3'] as const;
export const LOCKS = ['l0', 'l1', 'l2', 'l3'] as const;
export const CHOSEN_LEASE_IDS = ['c0', 'c1', 'c2'] as const;

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
  | { readonly kind: 'warn'; readonly lease: number; readonly by: number }
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
export type CommandAction = Exclude<Action, { kind: 'pass' | 'pass_to_deadline' | 'restart' }>;

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
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('warn' as const), lease: oneOf, by: fc.nat(3) }),
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
