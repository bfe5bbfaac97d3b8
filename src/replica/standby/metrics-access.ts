import type { ServiceRequest } from '../../http/input/service-request.js';
import type { Clock } from '../../clock/clock.js';
import type { Config } from '../../config/config.js';
import { OctoStoreError } from '../../errors/octostore-error.js';
import { AdminKey } from '../../auth/admin-key.js';
import { adminKeyOf } from '../../auth/admin-key-header.js';
import { AuthFailures } from '../../auth/auth-failures.js';
import { bearerTokenOf } from '../../auth/tokens/bearer-token.js';

/**
 * Opens the metrics of a standby with the keys that open them on a leader. A standby knows no accounts, so the token of an admin
 * user does not.
 */
export class MetricsAccess {
  readonly #keys: AdminKey;
  readonly #failures: AuthFailures;

  constructor(clock: Clock, config: Config, clientOf: (request: ServiceRequest) => string) {
    this.#keys = new AdminKey(config);
    this.#failures = new AuthFailures(
      clock,
      { of: (request) => clientOf(request as ServiceRequest) },
      config,
    );
  }

  /** Throws `unauthorized` or `rate_limited`. */
  assertOpen(request: ServiceRequest): void {
    const key = adminKeyOf(request);
    const presented = key === undefined ? bearerTokenOf(request) : key;
    if (presented !== null && this.#keys.opensMetrics(presented)) return;
    if (key === undefined && request.headers.authorization === undefined)
      throw new OctoStoreError('unauthorized');
    throw this.#failures.refusal(request, 'admin_key');
  }

  /** Logs the failures that have not been logged yet. */
  close(): void {
    this.#failures.beforeApplicationShutdown();
  }
}
