import { Injectable } from '@nestjs/common';
import { Access } from '../access/access.js';
import type { Caller } from '../auth/caller.js';
import type { LeaseId } from '../core/model/ids.js';
import type { LockName } from '../core/model/lock-name.js';
import { OctoStoreError } from '../errors/octostore-error.js';
import type { ClientGone } from '../http/connections/client-gone.decorator.js';
import { LeaseProver } from '../proofs/lease-prover.js';
import { LockStore } from '../store/lock-store.js';
import { Acquirer } from './acquire/acquirer.js';
import { demandOf } from './acquire/demand-of.js';
import { leaseRequest } from './acquire/lease-request.js';
import type { AcquireLockRequest } from './dto/acquire.dto.js';
import type { ReleaseLockRequest, RenewLockRequest } from './dto/lease.dto.js';
import type { LockResponse, ReleaseResponse } from './dto/lock-responses.dto.js';
import type { LockStatus } from './dto/lock-status.dto.js';
import { LeaseKeeper } from './lease-keeper.js';
import { LockPresenter } from './lock-presenter.js';

/** Translates between the API and the store: requests into commands, and outcomes into responses. */
@Injectable()
export class LocksService {
  constructor(
    private readonly store: LockStore,
    private readonly acquirer: Acquirer,
    private readonly keeper: LeaseKeeper,
    private readonly access: Access,
    private readonly present: LockPresenter,
    private readonly prover: LeaseProver,
  ) {}

  async acquire(
    lockName: LockName,
    body: AcquireLockRequest,
    caller: Caller,
    clientGone: ClientGone,
  ): Promise<LockResponse> {
    assertEphemeral(body);
    const request = leaseRequest([{ lockName, demand: demandOf(body) }], body, caller.userId);
    const answer = await this.acquirer.acquire(request, body.wait_seconds, caller, clientGone);
    return this.prover.addTo(this.present.answered(lockName, answer), answer.lease, body.proof);
  }

  async release(
    lockName: LockName,
    { lease_id }: ReleaseLockRequest,
    caller: Caller,
  ): Promise<ReleaseResponse> {
    await this.keeper.release({ lockName, leaseId: lease_id.toLowerCase() as LeaseId }, caller);
    return { status: 'released', message: 'Lock released' };
  }

  async renew(lockName: LockName, body: RenewLockRequest, caller: Caller): Promise<LockResponse> {
    const own = { lockName, leaseId: body.lease_id.toLowerCase() as LeaseId };
    const renewed = await this.keeper.renew(own, body.ttl_seconds, caller);
    return this.prover.addTo(this.present.renewed(lockName, renewed), renewed.lease, body.proof);
  }

  async status(lockName: LockName, caller: Caller): Promise<LockStatus> {
    this.access.assertMay(caller, 'observe', { lockName });
    return this.store.read((state, now) => this.present.status(lockName, state, now, caller));
  }
}

/** Throws `validation_failed` if `ephemeral` contradicts the presence of a session. */
function assertEphemeral({ ephemeral, session_id }: AcquireLockRequest): void {
  if (typeof ephemeral !== 'boolean' || ephemeral === (typeof session_id === 'string')) return;
  const details = ephemeral
    ? 'ephemeral is true, but there is no session_id. Add a session_id, or leave ephemeral out.'
    : 'ephemeral is false, but a lease with a session_id always ends with its session. Leave ephemeral out.';
  throw new OctoStoreError('validation_failed', { details });
}
