import { randomInt } from 'node:crypto';
import { Injectable } from '@nestjs/common';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Milliseconds after each failed attempt until the next one. After one more failure the delivery is dead. */
export const RETRY_DELAYS_MS: readonly number[] = [
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  10 * HOUR,
];

/** By which part of itself a delay may be longer or shorter, so that what failed together does not come back together. */
const JITTER = 0.2;

const RESOLUTION = 2 ** 32;

/** Decides when a failed delivery is tried again. */
@Injectable()
export class DeliverySchedule {
  /**
   * @param failures Attempts that have failed so far, at least 1.
   * @param retryAfterMs How long the receiver wants to be left alone. It is given that time, but no more than the next
   *   step of the schedule would.
   * @returns Milliseconds until the next attempt, or null if there is none.
   */
  delayAfter(failures: number, retryAfterMs: number | null): number | null {
    const step = RETRY_DELAYS_MS[failures - 1];
    if (step === undefined) return null;
    const delay = step * (1 + JITTER * (2 * this.random() - 1));
    const longest = RETRY_DELAYS_MS[failures] ?? step;
    return Math.round(Math.max(delay, Math.min(retryAfterMs ?? 0, longest)));
  }

  /** At least 0 and less than 1. */
  protected random(): number {
    return randomInt(RESOLUTION) / RESOLUTION;
  }
}
