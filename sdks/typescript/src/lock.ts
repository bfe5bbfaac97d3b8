import './dispose.js';
import { NotFoundError, ServerError, ValidationError } from './errors.js';
import { Keeper, type Renewable, type Sending } from './keeper.js';
import type { LeaseKeeping } from './lease-keeping.js';
import type { ConvertibleMode, Lease, LeaseLock, ReleaseRequest, WholeLease } from './lock-types.js';
import { ReleaseNotices } from './release-notices.js';

type Keeping = Pick<LeaseKeeping<Lease | WholeLease>, 'renewOnce' | 'release' | 'convert'>;

/** One lock that you hold, or several under one lease. They are renewed in the background until they are released or lost. */
export class LockHandle implements AsyncDisposable {
  /** The name of the lock. If you hold several: of the first. */
  readonly name: string;
  readonly leaseId: string;
  readonly #keeping: Keeping;
  readonly #keeper: Keeper;
  #proof: string | undefined;
  readonly #notices = new ReleaseNotices();
  #locks: readonly [LeaseLock, ...LeaseLock[]];
  #fencingToken: number;
  /** Grows when a conversion begins and when it ends. What a renewal says is out of date if it has grown meanwhile. */
  #conversions = 0;
  #released: Promise<void> | undefined;

  /** Use `hold` or `holdAll` to create one. */
  constructor(keeping: Keeping, lease: Lease | WholeLease, renewable: Omit<Renewable, 'what' | 'renew'>) {
    this.#locks = locksOf(lease);
    this.name = this.#locks[0].name;
    this.leaseId = lease.leaseId;
    this.#fencingToken = lease.fencingToken;
    this.#keeping = keeping;
    this.#proof = lease.proof;
    this.#notices.show(lease.releaseRequested ?? null);
    this.#keeper = new Keeper({
      ...renewable,
      what: whatIs(this.#locks),
      renew: (sending) => this.#renew(renewable.ttlMs / 1000, sending),
    });
  }

  /** All locks that you hold, in the order in which you asked for them. */
  get locks(): readonly [LeaseLock, ...LeaseLock[]] {
    return this.#locks;
  }

  /**
   * Send it with every write to what the lock protects, which must refuse any token lower than the highest it has seen. It
   * changes only if you convert a lock to `exclusive`.
   */
  get fencingToken(): number {
    return this.#fencingToken;
  }

  /** The numbers of your permits of the lock, if it is counted. Otherwise empty. If you hold several locks: of the first. */
  get slots(): readonly number[] {
    return this.#locks[0].slots ?? [];
  }

  /**
   * The proof of the lease, if you asked for one. Each renewal replaces it, so read it each time that you need it. After a
   * conversion, it says how you held the lock before, until the next renewal.
   */
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

  /** The latest request of someone else to release a lock that you hold. Null if there is none. You decide. */
  get releaseRequested(): ReleaseRequest | null {
    return this.#notices.current;
  }

  /**
   * Calls the listener once for each request of someone else to release a lock that you hold. The handle learns of it when it
   * next renews, within a third of the TTL. Replaces any previous listener.
   */
  onReleaseRequested(listener: (request: ReleaseRequest) => void): void {
    this.#notices.listen(listener);
  }

  /**
   * Holds a lock in another mode, without letting go of it. If you already do, nothing changes.
   *
   * - `shared` always succeeds, and lets waiting readers in.
   * - `exclusive` succeeds only if no one else holds the lock, ahead of everyone in line. You get a new `fencingToken`, which
   *   replaces the old one for all locks of the handle. If others hold the lock, it throws `LockHeldError` without waiting.
   *
   * Throws `ValidationError` if the lock is counted or the handle does not hold it, and `NotFoundError` if it is lost. If the
   * outcome is unknown, after a `NetworkError` for example, the next renewal updates `locks` and `fencingToken`.
   *
   * @param name the lock, if you hold several. The first by default.
   */
  async convert(mode: ConvertibleMode, name: string = this.name): Promise<void> {
    if (!this.#locks.some((lock) => lock.name === name)) {
      throw new ValidationError('The handle does not hold this lock.');
    }
    this.#conversions += 1;
    try {
      this.#adopt(await this.#keeping.convert(name, this.leaseId, mode));
    } catch (error) {
      if (error instanceof NotFoundError) this.#keeper.lose(error);
      throw error;
    } finally {
      this.#conversions += 1;
    }
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

  async #renew(ttlSeconds: number, sending: Sending): Promise<number> {
    const conversions = this.#conversions;
    const proof = this.#proof !== undefined;
    const renewal = await this.#keeping.renewOnce({ leaseId: this.leaseId, ttlSeconds, proof }, sending);
    this.#proof = renewal.value.proof;
    if (conversions === this.#conversions) this.#adopt(renewal.value);
    this.#notices.show(renewal.value.releaseRequested ?? null);
    return renewal.sentAtMs;
  }

  #adopt(lease: Lease | WholeLease): void {
    this.#locks = locksOf(lease);
    this.#fencingToken = lease.fencingToken;
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
