import './dispose.js';
import { NotFoundError } from './errors.js';
import { Keeper, type Renewable } from './keeper.js';
import type { LockApi } from './lock-api.js';
import type { Lease } from './types.js';

/** A lock that you hold. It is renewed in the background until it is released or lost. */
export class LockHandle implements AsyncDisposable {
  readonly name: string;
  readonly leaseId: string;
  /** Send it with every write to what the lock protects, which must refuse any token lower than the highest it has seen. */
  readonly fencingToken: number;
  readonly #api: LockApi;
  readonly #keeper: Keeper;
  #released: Promise<void> | undefined;

  /** Use `hold` to create one. */
  constructor(api: LockApi, lease: Lease, keeping: Omit<Renewable, 'what' | 'renew'>) {
    this.name = lease.name;
    this.leaseId = lease.leaseId;
    this.fencingToken = lease.fencingToken;
    this.#api = api;
    this.#keeper = new Keeper({
      ...keeping,
      what: `the lock ${lease.name}`,
      renew: (timeoutMs, signal) => this.#renew(keeping.ttlMs / 1000, timeoutMs, signal),
    });
  }

  /** Aborted when the lock is lost, before anyone else can get it. Its reason says why. */
  get signal(): AbortSignal {
    return this.#keeper.signal;
  }

  get isLost(): boolean {
    return this.#keeper.isLost;
  }

  /** Milliseconds for which the lock is certain to be held. 0 once it is lost. */
  get remainingMs(): number {
    return this.#keeper.remainingMs;
  }

  /** Calls the listener after each renewal, when `remainingMs` has grown. Replaces any previous listener. */
  onRenewed(listener: () => void): void {
    this.#keeper.onRenewed(listener);
  }

  /** Releases the lock. Throws if the server cannot be reached, but not if the lock was already lost. */
  release(): Promise<void> {
    this.#released ??= this.#release();
    return this.#released;
  }

  /** Releases the lock. Never fails: if the lock cannot be released, its lease expires on its own. */
  async close(): Promise<void> {
    await this.release().catch(() => undefined);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #release(): Promise<void> {
    const { isGone } = this.#keeper;
    this.#keeper.stop();
    if (isGone) return;
    await this.#api.release(this.name, this.leaseId).catch((error: unknown) => {
      if (!(error instanceof NotFoundError)) throw error;
    });
  }

  async #renew(ttlSeconds: number, timeoutMs: number, signal: AbortSignal): Promise<number> {
    return (await this.#api.renewOnce(this.name, this.leaseId, ttlSeconds, timeoutMs, signal)).sentAtMs;
  }
}
