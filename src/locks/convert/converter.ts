import { Injectable } from '@nestjs/common';
import type { Caller } from '../../auth/caller.js';
import type { Convert } from '../../core/model/command.js';
import type { LeaseId } from '../../core/model/ids.js';
import type { LockName } from '../../core/model/lock-name.js';
import type { OutcomeOf } from '../../core/model/outcome.js';
import { OctoStoreError } from '../../errors/octostore-error.js';
import { LockStore } from '../../store/lock-store.js';
import { ConflictPresenter } from '../acquire/conflict-presenter.js';
import type { LockResponse } from '../dto/lock-responses.dto.js';
import { LeaseKeeper } from '../lease-keeper.js';
import { LockPresenter } from '../lock-presenter.js';
import { LostLeasePresenter } from '../lost-lease-presenter.js';
import type { ConvertLockRequest } from './convert.dto.js';

type Refusal = Exclude<OutcomeOf<Convert>, { kind: 'converted' }>;

/** Changes the mode in which a client holds a lock. */
@Injectable()
export class Converter {
  constructor(
    private readonly store: LockStore,
    private readonly keeper: LeaseKeeper,
    private readonly present: LockPresenter,
    private readonly conflicts: ConflictPresenter,
    private readonly lost: LostLeasePresenter,
  ) {}

  async convert(lockName: LockName, body: ConvertLockRequest, caller: Caller): Promise<LockResponse> {
    const own = { lockName, leaseId: body.lease_id.toLowerCase() as LeaseId };
    this.keeper.assertMayKeep(own, caller);
    const { userId } = caller;
    const outcome = await this.store.execute({ kind: 'convert', ...own, userId, mode: body.mode });
    if (outcome.kind !== 'converted') throw this.#errorOf(outcome);
    return this.present.converted(lockName, outcome.lease);
  }

  #errorOf(refusal: Refusal): OctoStoreError {
    switch (refusal.kind) {
      case 'conflict':
        return this.conflicts.error(refusal);
      case 'not_convertible':
        return new OctoStoreError('validation_failed', {
          details:
            'The lock is counted, and a counted lock has no other mode. Release it and acquire it again.',
        });
      case 'numbers_exhausted':
        return new OctoStoreError(refusal.kind);
      default:
        return this.lost.error(refusal);
    }
  }
}
