import { randomInt } from 'node:crypto';
import { Injectable } from '@nestjs/common';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Milliseconds to wait after each failed attempt. If the last attempt fails too, the delivery is dead. */
export const RETRY_DELAYS_MS: readonly number[] = [
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  10 * HOUR,
];

/** How much shorter or longer a delay may be, as a fraction, so that deliveries that failed together are not retried together. */
const JITTER = 0.2;

const RESOLUTION = 2 ** 32;

/** Decides when a failed delivery is tried again. */
@Injectable()
export class RetrySchedule {
  /**
   * @param failures Attempts that have failed so far, at least 1.
   * @param retryAfterMs How long the receiver asks us to wait. It gets that time, up to the next delay of the schedule.
   * @returns Milliseconds until the next attempt. Null if there is none.
   */
  delayAfter(failures: number, retryAfterMs: number | null): number | null {
    const step = RETRY_DELAYS_MS[failures - 1];
    if (step === undefined) return null;
    const delay = step * (1 + JITTER * (2 * this.random() - 1));
    const longest = RETRY_DELAYS_MS[failures] ?? step;
    return Math.round(Math.max(delay, Math.min(retryAfterMs ?? 0, longest)));
  }

  /** A random number, at least 0 and less than 1. */
  protected random(): number {
    return randomInt(RESOLUTION) / RESOLUTION;
  }
}
