import type { QueuedPlace } from '../../core/state/state-view.js';
import type { Typical } from './typical.js';

/** With fewer leases, the median says nothing. */
const LEASES_MIN = 5;

/** What an estimate is made from. */
export interface Expectation {
  readonly hold: Typical | null;
  /** How long the lock has been held. Null if it is free. */
  readonly heldForMs: number | null;
  /** Whether the lock is held and asked for exclusively only. For others there is no estimate. */
  readonly isExclusive: boolean;
}

/**
 * In how many milliseconds a place is likely to be served: when the holder has held the lock for as long as is usual, and then all
 * before it as well. Null if that cannot be told.
 */
export function expectedInMs(
  { position, isAsking }: QueuedPlace,
  { hold, heldForMs, isExclusive }: Expectation,
): number | null {
  if (!isExclusive || !isAsking || hold === null || hold.count < LEASES_MIN) return null;
  const rest = heldForMs === null ? 0 : Math.max(0, hold.medianMs - heldForMs);
  return rest + (position - 1) * hold.medianMs;
}
