import type { Holding } from '../holding.js';

/** How long something usually takes. */
export interface Typical {
  /** How many times it was measured. */
  readonly count: number;
  readonly medianMs: number;
  readonly p95Ms: number;
}

/** How long the leases that have ended held the lock. Null if there are none. */
export function typicalHold(holdings: readonly Holding[]): Typical | null {
  return typicalOf(durationsOf(holdings));
}

/** @param durations in milliseconds. */
export function typicalOf(durations: readonly number[]): Typical | null {
  if (durations.length === 0) return null;
  const sorted = durations.toSorted((a, b) => a - b);
  return { count: sorted.length, medianMs: rank(sorted, 0.5), p95Ms: rank(sorted, 0.95) };
}

function durationsOf(holdings: readonly Holding[]): number[] {
  return holdings.flatMap(({ acquiredAt, endedAt }) =>
    acquiredAt === null || endedAt === null ? [] : [Math.max(0, endedAt - acquiredAt)],
  );
}

/** The nearest rank: the least value that a share of the values does not exceed. */
function rank(sorted: readonly number[], share: number): number {
  return sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN;
}
