import type { IncomingMessage } from 'node:http';
import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { Clock } from '../clock/clock.js';
import { CONFIG } from '../config/config.module.js';
import type { Config } from '../config/config.js';
import { OctoStoreError } from '../errors/octostore-error.js';
import { AuthFailureReport, type AuthFailureKind } from './auth-failure-report.js';
import { ClientAddresses, clientOf } from './client-addresses.js';
import { RateLimiter } from './rate-limiter.js';

const MINUTE_MS = 60_000;

/**
 * Slows down the guessing of tokens and keys. Only requests are counted whose token or key is not valid, so a valid one is never
 * refused for the address that it comes from, which many clients may share.
 */
@Injectable()
export class AuthFailures implements BeforeApplicationShutdown {
  readonly #limiter: RateLimiter;
  readonly #report: AuthFailureReport;
  readonly #totals: Record<AuthFailureKind, number> = { token: 0, admin_key: 0 };

  constructor(
    clock: Clock,
    private readonly addresses: ClientAddresses,
    @Inject(CONFIG) { AUTH_FAILURES_PER_MINUTE: attempts }: Pick<Config, 'AUTH_FAILURES_PER_MINUTE'>,
  ) {
    this.#limiter = new RateLimiter(clock, { attempts, periodMs: MINUTE_MS });
    this.#report = new AuthFailureReport(clock);
  }

  /** Failures since the start. */
  get totals(): Readonly<Record<AuthFailureKind, number>> {
    return this.#totals;
  }

  /**
   * Counts a request whose token or key is not valid. Returns how to refuse it: `unauthorized`, or `rate_limited` if too many such
   * requests came from there.
   */
  refusal(request: IncomingMessage, kind: AuthFailureKind): OctoStoreError {
    const client = clientOf(this.addresses.of(request));
    const retryAfterMs = this.#limiter.attempt(client);
    this.#totals[kind] += 1;
    this.#report.add({ kind, client, isSlowedDown: retryAfterMs > 0 });
    if (retryAfterMs === 0) return new OctoStoreError('unauthorized');
    return new OctoStoreError('rate_limited', {
      retryAfterMs,
      details:
        'Too many requests with a token or key that is not valid came from your address. Yours is not valid either.',
    });
  }

  /** What is not in the log yet must get there. */
  beforeApplicationShutdown(): void {
    this.#report.tell();
  }
}
