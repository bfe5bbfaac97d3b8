import type { Clock } from '../clock/clock.js';

/** Clients that are remembered. With more than that at the same time, those seen least recently begin anew. */
const CLIENTS_MAX = 10_000;

export interface Rate {
  /** Attempts that a client may make in a period, all of them at once if it likes. */
  readonly attempts: number;
  readonly periodMs: number;
}

/**
 * A token bucket for each client, refilled evenly over a period. Times are multiplied by the rate, so that an attempt costs
 * a whole number and nothing is lost by rounding.
 */
export class RateLimiter {
  readonly #clock: Clock;
  readonly #rate: Rate;
  /** When each client's bucket is full again. The least recently seen client comes first. */
  readonly #fullAt = new Map<string, number>();

  constructor(clock: Clock, rate: Rate) {
    this.#clock = clock;
    this.#rate = rate;
  }

  /** Counts an attempt. Returns 0 if it may go on, else after how many milliseconds the next one may. */
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
