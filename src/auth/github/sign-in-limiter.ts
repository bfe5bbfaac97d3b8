import type { Clock } from '../../clock/clock.js';
import { clientOf } from '../client-addresses.js';
import { RateLimiter } from '../rate-limiter.js';

const MINUTE_MS = 60_000;

/** Bounds how many sign-ins a client address may attempt in a minute. */
export class SignInLimiter {
  readonly #limiter: RateLimiter;

  constructor(clock: Clock, perMinute: number) {
    this.#limiter = new RateLimiter(clock, { attempts: perMinute, periodMs: MINUTE_MS });
  }

  /** Counts an attempt. Returns 0 if it may go on, else after how many milliseconds the next one may. */
  attempt(address: string): number {
    return this.#limiter.attempt(clientOf(address));
  }
}
