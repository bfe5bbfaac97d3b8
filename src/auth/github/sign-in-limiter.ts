import ipaddr from 'ipaddr.js';
import type { Clock } from '../../clock/clock.js';

/** Clients that are remembered. With more than that at the same time, those seen least recently begin anew. */
const CLIENTS_MAX = 10_000;

const MINUTE_MS = 60_000;

/**
 * A token bucket for each client address: so many attempts at once, refilled over a minute. Times are multiplied by the
 * rate, so that an attempt costs a whole number and nothing is lost by rounding.
 */
export class SignInLimiter {
  /** When each client's bucket is full again. The least recently seen client comes first. */
  readonly #fullAt = new Map<string, number>();

  constructor(
    private readonly clock: Clock,
    private readonly perMinute: number,
  ) {}

  /** Counts an attempt. Returns 0 if it may go on, else after how many milliseconds the next one may. */
  attempt(address: string): number {
    const client = clientOf(address);
    const now = Math.floor(this.clock.monotonicMs()) * this.perMinute;
    const fullAt = Math.max(this.#fullAt.get(client) ?? now, now);
    const missing = fullAt + MINUTE_MS - (now + MINUTE_MS * this.perMinute);
    this.#remember(client, missing > 0 ? fullAt : fullAt + MINUTE_MS);
    return missing > 0 ? Math.ceil(missing / this.perMinute) : 0;
  }

  #remember(client: string, fullAt: number): void {
    this.#fullAt.delete(client);
    this.#fullAt.set(client, fullAt);
    const [oldest] = this.#fullAt.keys();
    if (this.#fullAt.size > CLIENTS_MAX && oldest !== undefined) this.#fullAt.delete(oldest);
  }
}

/** Whoever has an IPv6 address usually has all 2^64 that begin like it. */
function clientOf(address: string): string {
  if (!ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  return parsed instanceof ipaddr.IPv6 ? parsed.parts.slice(0, 4).join(':') : parsed.toString();
}
