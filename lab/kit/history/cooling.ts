import type { CoolingTerms } from '../../../src/core/model/cooling.js';
import type { Passage } from './outages.js';

/** When a lock stops cooling, as far as clients can know: not before `fromMs`, and not after `byMs`. */
export interface CoolingEnd {
  readonly fromMs: number;
  readonly byMs: number;
}

export const NOT_COOLING: CoolingEnd = { fromMs: -Infinity, byMs: -Infinity };

/** How the lock of a lease cools once the lease has ended. */
export interface LeaseCooling {
  readonly delayMs: number;
  /** When the minimum hold is over. */
  readonly kept: CoolingEnd;
}

/** The cooling of a lease that was granted at `fromMs` or later, and at `byMs` at the latest. */
export function coolingOfLease(
  terms: CoolingTerms | undefined,
  { fromMs, byMs }: CoolingEnd,
  passage: Passage,
): LeaseCooling {
  const { lockDelaySeconds = 0, minHoldSeconds = 0 } = terms ?? {};
  const kept = minHoldSeconds === 0 ? NOT_COOLING : later({ fromMs, byMs }, minHoldSeconds * 1000, passage);
  return { delayMs: lockDelaySeconds * 1000, kept };
}

/** After the expiry of a lease or its session, at some moment from `fromMs` to `byMs`. */
export function afterExpiry({ delayMs, kept }: LeaseCooling, end: CoolingEnd, passage: Passage): CoolingEnd {
  if (delayMs === 0) return kept;
  const delayed = later(end, delayMs, passage);
  return { fromMs: Math.max(delayed.fromMs, kept.fromMs), byMs: Math.max(delayed.byMs, kept.byMs) };
}

/** After a break, at some moment from `fromMs` to `byMs`. It ignores the minimum hold. */
export function afterBreak({ delayMs }: LeaseCooling, broken: CoolingEnd, passage: Passage): CoolingEnd {
  return delayMs === 0 ? NOT_COOLING : later(broken, delayMs, passage);
}

/** What is certain if one of the two has happened, but not which. */
export function either(a: CoolingEnd, b: CoolingEnd): CoolingEnd {
  return { fromMs: Math.min(a.fromMs, b.fromMs), byMs: Math.max(a.byMs, b.byMs) };
}

function later({ fromMs, byMs }: CoolingEnd, ms: number, passage: Passage): CoolingEnd {
  return { fromMs: passage.soonest(fromMs, ms), byMs: byMs + ms };
}
