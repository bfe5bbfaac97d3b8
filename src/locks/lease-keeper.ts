import { Injectable } from '@nestjs/common';
import { Access } from '../access/access.js';
import type { Caller } from '../auth/caller.js';
import { locksOf, type Lease } from '../core/model/lease.js';
import type { Renewed } from '../core/model/outcome.js';
import { OctoStoreError } from '../errors/octostore-error.js';
import { LockStore } from '../store/lock-store.js';
import { LostLeasePresenter } from './lost-lease-presenter.js';
import type { OwnLease } from './own-lease.js';
import { ScopedLeases } from './scoped-leases.js';

/** Renews and releases the leases of clients. */
@Injectable()
export class LeaseKeeper {
  constructor(
    private readonly store: LockStore,
    private readonly access: Access,
    private readonly lost: LostLeasePresenter,
    private readonly scoped: ScopedLeases,
  ) {}

  /** Throws `forbidden`, `lock_not_found`, `ambiguous_lease_id`, `lease_broken` and `numbers_exhausted`. */
  async renew(own: OwnLease, ttlSeconds: number, caller: Caller): Promise<Renewed> {
    this.assertMayKeep(own, caller);
    const { userId } = caller;
    const outcome = await this.store.execute({ kind: 'renew', ...own, userId, ttlSeconds });
    if (outcome.kind === 'renewed') return outcome;
    throw outcome.kind === 'numbers_exhausted' ? new OctoStoreError(outcome.kind) : this.lost.error(outcome);
  }

  /**
   * A release needs no grant, but a token with scopes releases only what they include. Throws `forbidden`, `lock_not_found`,
   * `ambiguous_lease_id` and `lease_broken`.
   */
  async release(own: OwnLease, caller: Caller): Promise<void> {
    this.scoped.assertMayEnd(own, caller);
    const { userId } = caller;
    const outcome = await this.store.execute({ kind: 'release', ...own, userId });
    if (outcome.kind !== 'released') throw this.lost.error(outcome);
  }

  /** A lease is kept as a whole, so the caller needs permission for each of its locks. Throws `forbidden`. */
  assertMayKeep(own: OwnLease, caller: Caller): void {
    this.scoped.assertMayEnd(own, caller);
    const { lockName } = own;
    if (lockName !== null) this.access.assertMay(caller, 'acquire', { lockName });
    for (const lock of this.#named(own, caller).flatMap(locksOf))
      this.access.assertMay(caller, 'acquire', lock);
  }

  /** Looks through the lock if one is named, because an index of all leases by their ids is costly. */
  #named({ leaseId, lockName }: OwnLease, { userId }: Caller): Lease[] {
    return this.store.peek((state, now) => {
      if (lockName === null) return state.leasesWithId(userId, leaseId, now);
      const lease = state.leaseOn(lockName, userId, leaseId, now);
      return lease === null ? [] : [lease];
    });
  }
}
