import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../clock/clock.js';
import { CONFIG } from '../config/config.module.js';
import type { Config } from '../config/config.js';
import { OctoStoreError } from '../errors/octostore-error.js';
import type { Caller } from './caller.js';
import { RateLimiter } from './rate-limiter.js';

const SECOND_MS = 1000;

/** Limits the requests of each user, if `CLIENT_REQUESTS_PER_SECOND` is set, so that no user can occupy the whole server. */
@Injectable()
export class ClientRateLimit {
  readonly #limiter: RateLimiter | null;

  constructor(clock: Clock, @Inject(CONFIG) { CLIENT_REQUESTS_PER_SECOND: attempts }: Config) {
    this.#limiter = attempts === 0 ? null : new RateLimiter(clock, { attempts, periodMs: SECOND_MS });
  }

  /** Counts a request. Throws `rate_limited` if it exceeds the limit. */
  admit({ userId }: Caller): void {
    const retryAfterMs = this.#limiter?.attempt(userId) ?? 0;
    if (retryAfterMs > 0) throw new OctoStoreError('rate_limited', { retryAfterMs });
  }
}
