import type { Attempt, Caller, Result } from './calls.js';
import { checkTtl } from './checks.js';
import { Fields } from './fields.js';
import type { Sending } from './keeper.js';
import { conversion, type KeepingRoutes } from './lease-routes.js';
import type { Limits } from './limits.js';
import { readLease } from './lock-readers.js';
import type { ConvertibleMode, Lease, LeaseFacts } from './lock-types.js';

/** A lease, and when its request was sent, on the monotonic clock. The lease cannot have begun earlier. */
export interface Granted<L> {
  readonly lease: L;
  readonly sentAtMs: number;
}

/** One renewal of a lease. */
export interface Renewal extends RenewOptions {
  readonly leaseId: string;
  readonly ttlSeconds: number;
}

export interface RenewOptions {
  /** Whether you want a proof of the renewed lease. */
  readonly proof?: boolean | undefined;
}

/** Servers of version 1.0 refuse the field, so it is sent only if it is needed. */
export function proofField({ proof }: RenewOptions): { readonly proof?: true } {
  return proof === true ? { proof } : {};
}

/** Renews and releases leases, of one lock or of several. */
export class LeaseKeeping<L extends LeaseFacts> {
  readonly #caller: Caller;
  readonly #routes: KeepingRoutes<L>;

  constructor(caller: Caller, routes: KeepingRoutes<L>) {
    this.#caller = caller;
    this.#routes = routes;
  }

  /** @param timeoutMs of one attempt. The client's by default. */
  async renew(
    leaseId: string,
    ttlSeconds: number,
    options: RenewOptions = {},
    timeoutMs?: number,
  ): Promise<Granted<L>> {
    checkTtl(ttlSeconds);
    const call = { ...this.#renewal({ ...options, leaseId, ttlSeconds }, timeoutMs), isSafe: true };
    const { value, sentAtMs } = await this.#caller.call(call);
    return { lease: value, sentAtMs };
  }

  /** One attempt at a renewal. */
  renewOnce(renewal: Renewal, { server, timeoutMs, signal }: Sending): Promise<Result<L>> {
    return this.#caller.attempt({ ...this.#renewal(renewal, timeoutMs), signal }, server);
  }

  async release(leaseId: string, limits: Limits = {}): Promise<void> {
    await this.#caller.call({
      ...limits,
      request: () => this.#routes.release(leaseId),
      read: (text) => Fields.parse(text).text('status'),
      isSafe: true,
      goneIs: 'released',
    });
  }

  /** Holds one lock of the lease in another mode. If the lease already does, nothing changes, so it is safe to repeat. */
  async convert(name: string, leaseId: string, mode: ConvertibleMode): Promise<Lease> {
    const { value } = await this.#caller.call({
      request: () => conversion(name, leaseId, mode),
      read: (text) => readLease(Fields.parse(text)),
      isSafe: true,
    });
    return value;
  }

  #renewal({ leaseId, ttlSeconds, ...options }: Renewal, timeoutMs?: number): Attempt<L> {
    const own = timeoutMs === undefined ? {} : { timeoutMs };
    return {
      request: () => ({
        ...this.#routes.renew(leaseId, { ttl_seconds: ttlSeconds, ...proofField(options) }),
        ...own,
      }),
      read: (text) => this.#routes.read(Fields.parse(text)),
    };
  }
}
