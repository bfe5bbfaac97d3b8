import { Inject, Injectable } from '@nestjs/common';
import { Access } from '../access/access.js';
import { Clock } from '../clock/clock.js';
import { CONFIG } from '../config/config.module.js';
import type { Config } from '../config/config.js';
import { OctoStoreError } from '../errors/octostore-error.js';
import type { Caller } from './caller.js';
import { RateLimiter } from './rate-limiter.js';

const SECOND_MS = 1000;

/**
 * Limits the requests of each user, if `CLIENT_REQUESTS_PER_SECOND` is set or the policy says so, so that no user can occupy the whole
 * server.
 */
@Injectable()
export class ClientRateLimit {
  /** By the requests a second that they allow. */
  #limiters = new Map<number, RateLimiter>();
  readonly #usualRate: number;

  constructor(
    private readonly clock: Clock,
    private readonly access: Access,
    @Inject(CONFIG) { CLIENT_REQUESTS_PER_SECOND }: Config,
  ) {
    this.#usualRate = CLIENT_REQUESTS_PER_SECOND;
    access.onChange(() => (this.#limiters = new Map()));
  }

  /** Counts a request. Throws `rate_limited` if it exceeds the limit. */
  admit({ userId }: Pick<Caller, 'userId'>): void {
    const rate = this.access.limitsOf(userId).requests_per_second ?? this.#usualRate;
    if (rate === 0) return;
    const retryAfterMs = this.#limiterOf(rate).attempt(userId);
    if (retryAfterMs > 0) throw new OctoStoreError('rate_limited', { retryAfterMs });
  }

  #limiterOf(attempts: number): RateLimiter {
    const known = this.#limiters.get(attempts);
    if (known !== undefined) return known;
    const limiter = new RateLimiter(this.clock, { attempts, periodMs: SECOND_MS });
    this.#limiters.set(attempts, limiter);
    return limiter;
  }
}
