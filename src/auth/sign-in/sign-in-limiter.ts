import type { Clock } from '../../clock/clock.js';
import { clientOf } from '../client-addresses.js';
import { RateLimiter } from '../rate-limiter.js';

const MINUTE_MS = 60_000;

/** Limits how many sign-ins a client address may attempt per minute. */
export class SignInLimiter {
  readonly #limiter: RateLimiter;

  constructor(clock: Clock, perMinute: number) {
    this.#limiter = new RateLimiter(clock, { attempts: perMinute, periodMs: MINUTE_MS });
  }

  /** Counts an attempt. Returns 0 if it is allowed, or else the milliseconds to wait for the next one. */
  attempt(address: string): number {
    return this.#limiter.attempt(clientOf(address));
  }
}
