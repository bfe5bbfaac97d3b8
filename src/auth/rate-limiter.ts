import type { Clock } from '../clock/clock.js';

/**
 * How many clients are remembered. If there are more, the least recently seen ones are forgotten and start with a full
 * bucket.
 */
const CLIENTS_MAX = 10_000;

export interface Rate {
  /** The attempts that a client may make per period, all at once if it wants to. */
  readonly attempts: number;
  readonly periodMs: number;
}

/**
 * A token bucket for each client, refilled evenly over a period. Times are multiplied by the rate, so that an attempt costs
 * an integer and nothing is lost to rounding.
 */
export class RateLimiter {
  readonly #clock: Clock;
  readonly #rate: Rate;
  /** When each client's bucket is full again. The least recently seen client is first. */
  readonly #fullAt = new Map<string, number>();

  constructor(clock: Clock, rate: Rate) {
    this.#clock = clock;
    this.#rate = rate;
  }

  /** Counts an attempt. Returns 0 if it is allowed, or else the milliseconds to wait for the next one. */
  attempt(client: string): number {
    const { attempts, periodMs } = this.#rate;
    const now = Math.floor(this.#clock.monotonicMs()) * attempts;
    const fullAt = Math.max(this.#fullAt.get(client) ?? now, now);
    const missing = fullAt + periodMs - (now + periodMs * attempts);
    this.#remember(client, missing > 0 ? fullAt : fullAt + periodMs);
    return missing > 0 ? Math.ceil(missing / attempts) : 0;
  }

  #remember(client: string, fullAt: number): void {
    this.#fullAt.delete(client);
    this.#fullAt.set(client, fullAt);
    const [oldest] = this.#fullAt.keys();
    if (this.#fullAt.size > CLIENTS_MAX && oldest !== undefined) this.#fullAt.delete(oldest);
  }
}
