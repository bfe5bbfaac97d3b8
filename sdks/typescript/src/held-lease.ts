import { Ending } from './ending.js';
import { NotFoundError, ServerError, ValidationError } from './errors.js';
import type { OpenHandles } from './exit.js';
import { telling, type HandleSubject, type Observer } from './handle-events.js';
import { Keeper, type Renewable, type Sending } from './keeper.js';
import type { LeaseKeeping } from './lease-keeping.js';
import type { ConvertibleMode, Lease, LeaseLock, WholeLease } from './lock-types.js';
import { ReleaseNotices } from './release-notices.js';

export type Keeping = Pick<LeaseKeeping<Lease | WholeLease>, 'renewOnce' | 'release' | 'convert'>;

export interface KeptLease extends Omit<Renewable, 'what' | 'renew' | 'tell'> {
  /** Learns of the lease. */
  readonly open: OpenHandles;
  readonly observer: Observer | undefined;
}

/** A lease that is renewed in the background. It does not refer to its handle, which can be forgotten. */
export class HeldLease {
  readonly leaseId: string;
  readonly keeper: Keeper;
  readonly ending: Ending;
  readonly notices = new ReleaseNotices();
  readonly #keeping: Keeping;
  #proof: string | undefined;
  #locks: readonly [LeaseLock, ...LeaseLock[]];
  #fencingToken: number;
  /** Grows when a conversion begins and when it ends. What a renewal says is out of date if it has grown meanwhile. */
  #conversions = 0;

  constructor(keeping: Keeping, lease: Lease | WholeLease, { open, observer, ...renewable }: KeptLease) {
    this.#locks = locksOf(lease);
    this.leaseId = lease.leaseId;
    this.#fencingToken = lease.fencingToken;
    this.#keeping = keeping;
    this.#proof = lease.proof;
    this.notices.show(lease.releaseRequested ?? null);
    this.keeper = new Keeper({
      ...renewable,
      what: whatIs(this.#locks),
      renew: (sending) => this.#renew(renewable.ttlMs / 1000, sending),
      tell: telling(observer, () => this.#subject),
    });
    this.ending = new Ending(this.keeper, (limits) => keeping.release(this.leaseId, limits));
    open.add(this.ending, this.keeper);
  }

  get locks(): readonly [LeaseLock, ...LeaseLock[]] {
    return this.#locks;
  }

  get fencingToken(): number {
    return this.#fencingToken;
  }

  get proof(): string | undefined {
    return this.#proof;
  }

  get #subject(): HandleSubject {
    const locks = this.#locks.map(({ name }) => name);
    return { lock: locks[0], locks, fencingToken: this.#fencingToken };
  }

  async convert(mode: ConvertibleMode, name: string): Promise<void> {
    if (!this.#locks.some((lock) => lock.name === name)) {
      throw new ValidationError('The handle does not hold this lock.');
    }
    this.#conversions += 1;
    try {
      this.#adopt(await this.#keeping.convert(name, this.leaseId, mode));
    } catch (error) {
      if (error instanceof NotFoundError) this.keeper.lose(error);
      throw error;
    } finally {
      this.#conversions += 1;
    }
  }

  async #renew(ttlSeconds: number, sending: Sending): Promise<number> {
    const conversions = this.#conversions;
    const proof = this.#proof !== undefined;
    const renewal = await this.#keeping.renewOnce({ leaseId: this.leaseId, ttlSeconds, proof }, sending);
    this.#proof = renewal.value.proof;
    if (conversions === this.#conversions) this.#adopt(renewal.value);
    this.notices.show(renewal.value.releaseRequested ?? null);
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
