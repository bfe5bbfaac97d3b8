import type { IncomingMessage } from 'node:http';
import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import type { AuditAction } from '../audit/audit-action.js';
import { AuditTrail } from '../audit/audit-trail.js';
import { Refusals, type Refusal } from '../audit/refusals.js';
import { Clock } from '../clock/clock.js';
import { ERRORS } from '../errors/error-table.js';
import { OctoStoreError } from '../errors/octostore-error.js';
import { routeTemplateOf } from '../http/routes/route-template.js';
import type { JsonObject } from '../journal/canonical-json.js';
import { LockStore } from '../store/lock-store.js';
import { AuthFailures } from './auth-failures.js';
import type { Caller } from './caller.js';
import { RequestOrigins } from './request-origins.js';

/** What someone tries to do. */
export type Attempt = Omit<Refusal, 'code'>;

/** Records what the server refuses. Repetitions are counted. */
@Injectable()
export class AuditRefusals implements BeforeApplicationShutdown {
  readonly #refusals: Refusals;

  constructor(
    trail: AuditTrail,
    clock: Clock,
    store: LockStore,
    private readonly origins: RequestOrigins,
    failures: AuthFailures,
  ) {
    this.#refusals = new Refusals({
      trail,
      clock,
      write: (rows) => (store.admission.isAvailable ? store.write(rows) : Promise.resolve()),
    });
    failures.onFailure((request: IncomingMessage, kind, code) => {
      const origin = origins.ofUnknown(request);
      const details = { credential: kind, ...routeOf(request) };
      this.add({ action: 'authentication', origin, subject: null, code, details });
    });
  }

  /** See `Refusals.totals`. */
  get totals(): Refusals['totals'] {
    return this.#refusals.totals;
  }

  add(refusal: Refusal): void {
    this.#refusals.add(refusal);
  }

  /** Runs `act`. If it is refused, this records the refusal, and passes it on. */
  async watch<T>(attempt: Attempt, act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (error) {
      if (error instanceof OctoStoreError && ERRORS[error.code].status < 500)
        this.add({ ...attempt, code: error.code });
      throw error;
    }
  }

  /** Records that a user who is no administrator asks for what only administrators may do. Returns the error to refuse that with. */
  adminRequired(request: IncomingMessage, caller: Caller): OctoStoreError {
    return this.#ofCall('administration', request, caller, new OctoStoreError('admin_required'));
  }

  /** Records that another website may have made a request with the session of a user. Returns the error. */
  forged(request: IncomingMessage, caller: Caller, refusal: OctoStoreError): OctoStoreError {
    return this.#ofCall('forgery', request, caller, refusal);
  }

  #ofCall(
    action: AuditAction,
    request: IncomingMessage,
    caller: Caller,
    refusal: OctoStoreError,
  ): OctoStoreError {
    const origin = this.origins.ofCaller(request, caller);
    this.add({ action, origin, subject: null, code: refusal.code, details: routeOf(request) });
    return refusal;
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#refusals.flush();
  }
}

/** What was asked for. Never the path, which can contain anything. */
function routeOf(request: IncomingMessage): JsonObject {
  return { method: request.method ?? null, route: routeTemplateOf(request) };
}
