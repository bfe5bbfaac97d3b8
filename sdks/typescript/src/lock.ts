import './dispose.js';
import { LockLostError } from './errors.js';
import { expectEnd } from './forgotten.js';
import { HeldLease, type Keeping, type KeptLease } from './held-lease.js';
import type { ConvertibleMode, Lease, LeaseLock, ReleaseRequest, WholeLease } from './lock-types.js';
import type { SessionHandle } from './session.js';
import { INSPECT, leftText } from './text-forms.js';

/** What a handle is made with. */
export interface Held extends KeptLease {
  /** The session that the lease belongs to. The handle keeps it from being garbage-collected. */
  readonly session: SessionHandle | undefined;
}

/**
 * One lock that you hold, or several under one lease. They are renewed in the background until they are released or lost, or the
 * handle is garbage-collected.
 */
export class LockHandle implements AsyncDisposable {
  readonly #held: HeldLease;
  readonly #session: SessionHandle | undefined;

  /** Use `hold` or `holdAll` to create one. */
  constructor(keeping: Keeping, lease: Lease | WholeLease, { session, ...kept }: Held) {
    this.#held = new HeldLease(keeping, lease, kept);
    this.#session = session;
    expectEnd(this, this.#held.keeper);
  }

  /** The name of the lock. If you hold several: of the first. */
  get name(): string {
    return this.locks[0].name;
  }

  get leaseId(): string {
    return this.#held.leaseId;
  }

  /** All locks that you hold, in the order in which you asked for them. */
  get locks(): readonly [LeaseLock, ...LeaseLock[]] {
    return this.#held.locks;
  }

  /** The session that the locks end with, if there is one. */
  get session(): SessionHandle | undefined {
    return this.#session;
  }

  /**
   * Send it with every write to what the lock protects, which must refuse any token lower than the highest it has seen. It
   * changes only if you convert a lock to `exclusive`.
   */
  get fencingToken(): number {
    return this.#held.fencingToken;
  }

  /** The numbers of your permits of the lock, if it is counted. Otherwise empty. If you hold several locks: of the first. */
  get slots(): readonly number[] {
    return this.locks[0].slots ?? [];
  }

  /**
   * The proof of the lease, if you asked for one. Each renewal replaces it, so read it each time that you need it. After a
   * conversion, it says how you held the lock before, until the next renewal.
   */
  get proof(): string | undefined {
    return this.#held.proof;
  }

  /** Aborted when the lock is lost, before anyone else can get it. Its reason says why. */
  get signal(): AbortSignal {
    return this.#held.keeper.signal;
  }

  get isLost(): boolean {
    return this.#held.keeper.isLost;
  }

  /** Milliseconds for which the lock is certain to be held. 0 once it is lost. */
  get remainingMs(): number {
    return this.#held.keeper.remainingMs;
  }

  /** Calls the listener after each renewal, when `remainingMs` has grown. Replaces any previous listener. */
  onRenewed(listener: () => void): void {
    this.#held.keeper.onRenewed(listener);
  }

  /** The latest request of someone else to release a lock that you hold. Null if there is none. You decide. */
  get releaseRequested(): ReleaseRequest | null {
    return this.#held.notices.current;
  }

  /**
   * Calls the listener once for each request of someone else to release a lock that you hold. The handle learns of it when it
   * next renews, within a third of the TTL. Replaces any previous listener.
   */
  onReleaseRequested(listener: (request: ReleaseRequest) => void): void {
    this.#held.notices.listen(listener);
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
  convert(mode: ConvertibleMode, name: string = this.name): Promise<void> {
    return this.#held.convert(mode, name);
  }

  /**
   * Releases every lock, in no more time than what is left of the lease. Throws if the server cannot be reached, but not if the
   * lock was already lost.
   */
  release(): Promise<void> {
    return this.#held.ending.end();
  }

  /** Releases the lock. Never fails: if the lock cannot be released, its lease expires on its own. */
  async close(): Promise<void> {
    await this.release().catch(() => undefined);
  }

  /** Closes the handle at the end of a block. Throws `LockLostError` if the lock was lost while the block ran. */
  async [Symbol.asyncDispose](): Promise<void> {
    const wasClosed = this.#held.ending.hasBegun;
    const { isLost, signal } = this;
    await this.close();
    if (isLost && !wasClosed) throw new LockLostError(this.name, signal.reason);
  }

  /** For logs and debugging, without the lease id. */
  toString(): string {
    const names = this.locks.map(({ name }) => name).join(', ');
    return `LockHandle(${names}, fencing token ${this.fencingToken}, ${leftText(this.#held)})`;
  }

  [INSPECT](): string {
    return this.toString();
  }
}
