import * as fc from 'fast-check';
import type { DemandWish, LockWish } from './law.js';

/** Locks that a program asks for as one lease. */
export type LockSet = readonly [LockWish, ...LockWish[]];

/** What a program does while it waits, besides waiting. */
export type WhileWaiting =
  | { readonly kind: 'waits' }
  /** Its connection breaks. It asks again after a while, or never. */
  | { readonly kind: 'disconnects'; readonly afterMs: number; readonly backAfterMs: number | null }
  /** It asks again although it still waits. */
  | { readonly kind: 'asks_again'; readonly afterMs: number }
  | { readonly kind: 'gives_up'; readonly afterMs: number };

/** One thing that a program does: it gets one set after another, keeps them all for a while, and lets go of them. */
export interface Job {
  readonly pauseMs: number;
  readonly sets: readonly [LockSet, ...LockSet[]];
  readonly waitSeconds: number;
  readonly holdMs: number;
  /** It does not release its locks. They expire. */
  readonly crashes: boolean;
  readonly whileWaiting: WhileWaiting;
  /** What it asks for instead after it has waited in vain. Null if it asks for the same again. */
  readonly changed: LockSet | null;
  readonly lockDelaySeconds: number;
}

/** Jobs that a program does one after another. */
export type Program = readonly Job[];

/** How often a program asks for a set before it gives up. */
export const TRIES_MAX = 3;

export const HOLD_SECONDS_MAX = 3;
export const LOCK_DELAY_SECONDS_MAX = 1;
export const WAIT_SECONDS = { min: 5, max: 10 } as const;

const LOCKS = ['a', 'b', 'c', 'd'];

const demand = fc.constantFrom<DemandWish>(
  {},
  {},
  {},
  { mode: 'shared' },
  { limit: 2 },
  { limit: 2, permits: 2 },
);

/** One lock or several, in any order. */
const lockSet: fc.Arbitrary<LockSet> = fc
  .tuple(
    fc.shuffledSubarray(LOCKS, { minLength: 1, maxLength: 3 }),
    fc.array(demand, { minLength: LOCKS.length, maxLength: LOCKS.length }),
  )
  .map(
    ([names, demands]) =>
      names.map((name, index) => ({ name, ...demands[index] })) as [LockWish, ...LockWish[]],
  );

const afterMs = fc.integer({ min: 0, max: 1000 * WAIT_SECONDS.max });

const whileWaiting: fc.Arbitrary<WhileWaiting> = fc.oneof(
  fc.constant<WhileWaiting>({ kind: 'waits' }),
  fc.record({
    kind: fc.constant('disconnects' as const),
    afterMs,
    backAfterMs: fc.option(fc.integer({ min: 0, max: 20_000 }), { freq: 3 }),
  }),
  fc.record({ kind: fc.constant('asks_again' as const), afterMs }),
  fc.record({ kind: fc.constant('gives_up' as const), afterMs }),
);

function programsOf(
  sets: fc.Arbitrary<Job['sets']>,
  crashes: fc.Arbitrary<boolean>,
): fc.Arbitrary<Program[]> {
  const job = fc.record({
    pauseMs: fc.nat(3000),
    sets,
    waitSeconds: fc.integer(WAIT_SECONDS),
    holdMs: fc.integer({ min: 0, max: 1000 * HOLD_SECONDS_MAX }),
    crashes,
    whileWaiting,
    changed: fc.option(lockSet, { freq: 2 }),
    lockDelaySeconds: fc.nat(LOCK_DELAY_SECONDS_MAX),
  });
  return fc.array(fc.array(job, { minLength: 1, maxLength: 4 }), { minLength: 2, maxLength: 8 });
}

/** Programs that ask for all the locks they need at once. */
export const PROGRAMS_OF_ONE_LEASE = programsOf(
  lockSet.map((set): Job['sets'] => [set]),
  fc.nat(4).map((chance) => chance === 0),
);

/** Programs that ask for more locks while they hold some, in any order, so that they can wait for each other in a circle. */
export const NESTED_PROGRAMS = programsOf(
  fc.array(lockSet, { minLength: 1, maxLength: 3 }).map((sets) => sets as [LockSet, ...LockSet[]]),
  fc.constant(false),
);
