import type { Caller } from './calls.js';
import { Fields } from './fields.js';
import { LeaseKeeping, type RenewOptions } from './lease-keeping.js';
import { leasePath, ROUTES_BY_ID } from './lease-routes.js';
import type { WholeLease } from './lock-types.js';

/**
 * Your leases by their ids, whatever they lock. Each call throws `NotFoundError` if you have no such lease, and
 * `ValidationError` with the code `ambiguous_lease_id` if you chose one id for several.
 */
export class LeaseApi {
  readonly #caller: Caller;
  readonly #keeping: LeaseKeeping<WholeLease>;

  /** Use `client.leases`. */
  constructor(caller: Caller) {
    this.#caller = caller;
    this.#keeping = new LeaseKeeping(caller, ROUTES_BY_ID);
  }

  async get(leaseId: string): Promise<WholeLease> {
    const { value } = await this.#caller.call({
      request: () => ({ method: 'GET', path: leasePath(leaseId) }),
      read: (text) => ROUTES_BY_ID.read(Fields.parse(text)),
      isSafe: true,
    });
    return value;
  }

  /** Renews a lease with all its locks, so that it ends `ttlSeconds` (1 to 3600) from now. */
  async renew(leaseId: string, ttlSeconds: number, options: RenewOptions = {}): Promise<WholeLease> {
    return (await this.#keeping.renew(leaseId, ttlSeconds, options)).lease;
  }

  /** Releases all locks of a lease. */
  release(leaseId: string): Promise<void> {
    return this.#keeping.release(leaseId);
  }
}
