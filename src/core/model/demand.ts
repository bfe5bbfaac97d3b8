import type { LockName } from './lock-name.js';

/**
 * What a request wants of one lock. `exclusive` goes with nothing, and `shared` with shared. `counted` wants some of the lock's
 * permits: it goes with others of the same limit while the permits of all of them are at most that limit.
 */
export type Demand =
  | { readonly mode: 'exclusive' }
  | { readonly mode: 'shared' }
  | { readonly mode: 'counted'; readonly limit: number; readonly permits: number };

export type LockMode = Demand['mode'];

/** How a lease holds one lock. Each permit of a counted lease is a slot, numbered from 0 to the limit minus 1. */
export type Hold =
  | { readonly mode: 'exclusive' }
  | { readonly mode: 'shared' }
  | { readonly mode: 'counted'; readonly limit: number; readonly slots: readonly number[] };

export const EXCLUSIVE = { mode: 'exclusive' } as const satisfies Demand & Hold;

export const SHARED = { mode: 'shared' } as const satisfies Demand & Hold;

/** One lock that a request asks for. */
export interface Want {
  readonly lockName: LockName;
  readonly demand: Demand;
}

/** One lock that a lease holds. */
export interface HeldLock {
  readonly lockName: LockName;
  readonly hold: Hold;
}

/** The demand that a hold has met. */
export function demandOf(hold: Hold): Demand {
  if (hold.mode !== 'counted') return hold;
  return { mode: 'counted', limit: hold.limit, permits: hold.slots.length };
}

export function isSameDemand(a: Demand, b: Demand): boolean {
  if (a.mode !== 'counted' || b.mode !== 'counted') return a.mode === b.mode;
  return a.limit === b.limit && a.permits === b.permits;
}
