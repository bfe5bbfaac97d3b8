import ipaddr from 'ipaddr.js';
import type { Clock } from '../../clock/clock.js';

/** Clients that are remembered. With more than that at the same time, those seen least recently begin anew. */
const CLIENTS_MAX = 10_000;

const MINUTE_MS = 60_000;

interface Bucket {
  tokens: number;
  filledAtMs: number;
}

/** A token bucket for each client address: so many attempts at once, and refilled over a minute. */
export class SignInLimiter {
  /** The least recently seen client first. */
  readonly #buckets = new Map<string, Bucket>();

  constructor(
    private readonly clock: Clock,
    private readonly perMinute: number,
  ) {}

  /** Counts an attempt. Returns the milliseconds after which the next one is free, or 0 if this one may go on. */
  attempt(address: string): number {
    const client = clientOf(address);
    const bucket = this.#refilled(client);
    this.#buckets.delete(client);
    this.#buckets.set(client, bucket);
    this.#forgetOldest();
    if (bucket.tokens < 1) return Math.ceil(((1 - bucket.tokens) * MINUTE_MS) / this.perMinute);
    bucket.tokens -= 1;
    return 0;
  }

  #refilled(client: string): Bucket {
    const nowMs = this.clock.monotonicMs();
    const bucket = this.#buckets.get(client);
    if (bucket === undefined) return { tokens: this.perMinute, filledAtMs: nowMs };
    const gained = ((nowMs - bucket.filledAtMs) * this.perMinute) / MINUTE_MS;
    return { tokens: Math.min(this.perMinute, bucket.tokens + gained), filledAtMs: nowMs };
  }

  #forgetOldest(): void {
    const [oldest] = this.#buckets.keys();
    if (this.#buckets.size > CLIENTS_MAX && oldest !== undefined) this.#buckets.delete(oldest);
  }
}

/** Whoever has an IPv6 address usually has all 2^64 that begin like it. */
function clientOf(address: string): string {
  if (!ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  return parsed instanceof ipaddr.IPv6 ? parsed.parts.slice(0, 4).join(':') : parsed.toString();
}
