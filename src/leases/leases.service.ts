import { Injectable } from '@nestjs/common';
import type { Caller } from '../auth/caller.js';
import type { BrokenLease } from '../core/model/broken-lease.js';
import type { LeaseId } from '../core/model/ids.js';
import { lockNamesOf, type Lease } from '../core/model/lease.js';
import { OctoStoreError } from '../errors/octostore-error.js';
import type { ClientGone } from '../http/connections/client-gone.decorator.js';
import { Acquirer } from '../locks/acquire/acquirer.js';
import { leaseRequest } from '../locks/acquire/lease-request.js';
import type { ReleaseResponse } from '../locks/dto/lock-responses.dto.js';
import { LeaseKeeper } from '../locks/lease-keeper.js';
import { LeasePresenter, renewAfterGrantMs } from '../locks/lease-presenter.js';
import { LostLeasePresenter } from '../locks/lost-lease-presenter.js';
import { presentLocks } from '../locks/present-hold.js';
import { isLeaseVisible } from '../locks/scoped-leases.js';
import { LeaseProver } from '../proofs/lease-prover.js';
import { LockStore } from '../store/lock-store.js';
import type { AcquireLeaseRequest, RenewLeaseRequest } from './dto/acquire-lease.dto.js';
import type { LeaseResponse } from './dto/lease-response.dto.js';
import { wantsOf } from './wants-of.js';

/** Leases by their ids, whatever locks they hold. */
@Injectable()
export class LeasesService {
  constructor(
    private readonly store: LockStore,
    private readonly acquirer: Acquirer,
    private readonly keeper: LeaseKeeper,
    private readonly present: LeasePresenter,
    private readonly lost: LostLeasePresenter,
    private readonly prover: LeaseProver,
  ) {}

  async acquire(body: AcquireLeaseRequest, caller: Caller, clientGone: ClientGone): Promise<LeaseResponse> {
    const request = leaseRequest(wantsOf(body.locks), body, caller.userId);
    const { kind, lease } = await this.acquirer.acquire(request, body.wait_seconds, caller, clientGone);
    const response = kind === 'acquired' ? this.#fresh(lease, 'acquired') : this.#held(lease);
    return this.prover.addTo(response, lease, body.proof);
  }

  async renew(leaseId: LeaseId, body: RenewLeaseRequest, caller: Caller): Promise<LeaseResponse> {
    const own = { leaseId, lockName: null };
    const { lease, releaseRequest } = await this.keeper.renew(own, body.ttl_seconds, caller);
    const response = { ...this.#fresh(lease, 'held'), ...this.present.releaseRequestFields(releaseRequest) };
    return this.prover.addTo(response, lease, body.proof);
  }

  async release(leaseId: LeaseId, caller: Caller): Promise<ReleaseResponse> {
    await this.keeper.release({ leaseId, lockName: null }, caller);
    return { status: 'released', message: 'Lease released' };
  }

  status(leaseId: LeaseId, { userId, scope }: Caller): Promise<LeaseResponse> {
    return this.store.read((state, now) => {
      const [lease, ...others] = state
        .leasesWithId(userId, leaseId, now)
        .filter((known) => isLeaseVisible(scope, lockNamesOf(known)));
      if (lease === undefined) {
        const broken = state.brokenLeasesWithId(userId, leaseId, now);
        throw this.#lost(broken.filter(({ lockNames }) => isLeaseVisible(scope, lockNames)));
      }
      if (others.length > 0) throw new OctoStoreError('ambiguous_lease_id');
      return this.#held(lease);
    });
  }

  #lost(broken: readonly BrokenLease[]): OctoStoreError {
    const latest = broken.toSorted((a, b) => b.brokenAt - a.brokenAt)[0];
    return latest === undefined ? new OctoStoreError('lock_not_found') : this.lost.broken(latest);
  }

  /** Right after a grant or renewal. */
  #fresh(lease: Lease, status: LeaseResponse['status']): LeaseResponse {
    return this.#response(lease, status, renewAfterGrantMs(lease.ttlSeconds));
  }

  #held(lease: Lease): LeaseResponse {
    return this.#response(lease, 'held', this.present.renewAfterMs(lease));
  }

  #response(lease: Lease, status: LeaseResponse['status'], renew_after_ms: number): LeaseResponse {
    const { sessionId } = lease.holder;
    return {
      status,
      lease_id: lease.leaseId,
      renew_after_ms,
      ...this.present.fieldsOf(lease),
      ...(sessionId === null ? {} : { session_id: sessionId }),
      locks: presentLocks(lease),
    };
  }
}
