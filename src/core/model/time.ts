import type { Brand } from './brand.js';

/**
 * A point on the service's own time line, in whole milliseconds.
 *
 * The line never jumps: it follows the machine's monotonic clock and survives restarts (see `store/timeline.ts`, which
 * also turns an instant into the wall-clock time that clients see). The law compares instants and nothing else.
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
 * Whether a deadline has passed. Strictly greater on purpose: instants are rounded down to the millisecond, so this is
 * the first comparison at which the full time has certainly gone by.
 */
export function isPast(deadline: Instant, now: Instant): boolean {
  return now > deadline;
}
