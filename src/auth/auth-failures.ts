import type { IncomingMessage } from 'node:http';
import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { Clock } from '../clock/clock.js';
import { CONFIG } from '../config/config.module.js';
import type { Config } from '../config/config.js';
import { OctoStoreError } from '../errors/octostore-error.js';
import type { RefusedToken } from './accounts.js';
import { AuthFailureReport, type AuthFailureKind } from './auth-failure-report.js';
import { ClientAddresses, clientOf } from './client-addresses.js';
import { RateLimiter } from './rate-limiter.js';

const MINUTE_MS = 60_000;

/**
 * Slows down attempts to guess tokens and keys. Only requests with an invalid token or key are counted, so a valid one is
 * never refused because of its address, which many clients may share.
 */
@Injectable()
export class AuthFailures implements BeforeApplicationShutdown {
  readonly #limiter: RateLimiter;
  readonly #report: AuthFailureReport;
  readonly #totals: Record<AuthFailureKind, number> = { token: 0, admin_key: 0 };

  constructor(
    clock: Clock,
    @Inject(ClientAddresses) private readonly addresses: Pick<ClientAddresses, 'of'>,
    @Inject(CONFIG) { AUTH_FAILURES_PER_MINUTE: attempts }: Pick<Config, 'AUTH_FAILURES_PER_MINUTE'>,
  ) {
    this.#limiter = new RateLimiter(clock, { attempts, periodMs: MINUTE_MS });
    this.#report = new AuthFailureReport(clock);
  }

  /** Failures since the server started. */
  get totals(): Readonly<Record<AuthFailureKind, number>> {
    return this.#totals;
  }

  /**
   * Counts a request with an invalid token or key. Returns the error to refuse it with: `code`, or `rate_limited` if
   * too many such requests have come from its address.
   */
  refusal(
    request: IncomingMessage,
    kind: AuthFailureKind,
    code: RefusedToken = 'unauthorized',
  ): OctoStoreError {
    const client = clientOf(this.addresses.of(request));
    const retryAfterMs = this.#limiter.attempt(client);
    this.#totals[kind] += 1;
    this.#report.add({ kind, client, isSlowedDown: retryAfterMs > 0 });
    if (retryAfterMs === 0) return new OctoStoreError(code);
    return new OctoStoreError('rate_limited', {
      retryAfterMs,
      details:
        'Too many requests with an invalid token or key have come from your address. Yours is invalid too: check it first.',
    });
  }

  /** Failures that have not been logged yet must not be lost. */
  beforeApplicationShutdown(): void {
    this.#report.report();
  }
}
