import './dispose.js';
import { NotFoundError, ServerError } from './errors.js';
import { Keeper, type Renewable } from './keeper.js';
import type { LeaseKeeping } from './lease-keeping.js';
import type { Lease, LeaseFacts, LeaseLock, WholeLease } from './lock-types.js';

/** One lock that you hold, or several under one lease. They are renewed in the background until they are released or lost. */
export class LockHandle implements AsyncDisposable {
  /** The name of the lock. If you hold several: of the first. */
  readonly name: string;
  /** All locks that you hold, in the order in which you asked for them. */
  readonly locks: readonly [LeaseLock, ...LeaseLock[]];
  readonly leaseId: string;
  /** Send it with every write to what the lock protects, which must refuse any token lower than the highest it has seen. */
  readonly fencingToken: number;
  readonly #keeping: Pick<LeaseKeeping<LeaseFacts>, 'renewOnce' | 'release'>;
  readonly #keeper: Keeper;
  #proof: string | undefined;
  #released: Promise<void> | undefined;

  /** Use `hold` or `holdAll` to create one. */
  constructor(
    keeping: Pick<LeaseKeeping<LeaseFacts>, 'renewOnce' | 'release'>,
    lease: Lease | WholeLease,
    renewable: Omit<Renewable, 'what' | 'renew'>,
  ) {
    this.locks = locksOf(lease);
    this.name = this.locks[0].name;
    this.leaseId = lease.leaseId;
    this.fencingToken = lease.fencingToken;
    this.#keeping = keeping;
    this.#proof = lease.proof;
    this.#keeper = new Keeper({
      ...renewable,
      what: whatIs(this.locks),
      renew: (timeoutMs, signal) => this.#renew(renewable.ttlMs / 1000, timeoutMs, signal),
    });
  }

  /** The numbers of your permits of the lock, if it is counted. Otherwise empty. If you hold several locks: of the first. */
  get slots(): readonly number[] {
    return this.locks[0].slots ?? [];
  }

  /** The proof of the lease, if you asked for one. Each renewal replaces it, so read it each time that you need it. */
  get proof(): string | undefined {
    return this.#proof;
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

  /** Releases every lock. Throws if the server cannot be reached, but not if the lock was already lost. */
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
    await this.#keeping.release(this.leaseId).catch((error: unknown) => {
      if (!(error instanceof NotFoundError)) throw error;
    });
  }

  async #renew(ttlSeconds: number, timeoutMs: number, signal: AbortSignal): Promise<number> {
    const renewal = { leaseId: this.leaseId, ttlSeconds, proof: this.#proof !== undefined };
    const { value: lease, sentAtMs } = await this.#keeping.renewOnce(renewal, timeoutMs, signal);
    this.#proof = lease.proof;
    return sentAtMs;
  }
}

/** Servers list the locks of a lease of one lock only if it is asked for by its id. */
function locksOf(lease: Lease | WholeLease): readonly [LeaseLock, ...LeaseLock[]] {
  const [first, ...others] = lease.locks ?? ('name' in lease ? [lockOf(lease)] : []);
  if (first === undefined) throw new ServerError('the server has granted a lease without any lock');
  return [first, ...others];
}

function lockOf({ name, mode, limit, permits, slots }: Lease): LeaseLock {
  return { name, mode, limit, permits, slots };
}

function whatIs(locks: readonly LeaseLock[]): string {
  const names = locks.map(({ name }) => name).join(', ');
  return locks.length === 1 ? `the lock ${names}` : `the lease of ${names}`;
}
