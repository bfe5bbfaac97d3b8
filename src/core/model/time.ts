import type { Brand } from './brand.js';

/**
 * A point on the service's own timeline, in whole milliseconds.
 *
 * The timeline never jumps. It follows the machine's monotonic clock and survives restarts. See `store/timeline.ts`, which
 * also converts an instant into the wall-clock time that clients see. Code in `core` compares instants and nothing else.
 */
export type Instant = Brand<number, 'Instant'>;

/** The instant `milliseconds` after `start`. */
export function afterMs(start: Instant, milliseconds: number): Instant {
  return (start + milliseconds) as Instant;
}

/** The instant `seconds` after `start`. */
export function afterSeconds(start: Instant, seconds: number): Instant {
  return afterMs(start, seconds * 1000);
}

/**
 * Whether a deadline has passed. The comparison is strict because instants are rounded down to the millisecond: at `now ===
 * deadline`, the full time may not have passed yet.
 */
export function isPast(deadline: Instant, now: Instant): boolean {
  return now > deadline;
}
