import { Injectable } from '@nestjs/common';
import type { BrokenLease } from '../core/model/broken-lease.js';
import type { NotYours } from '../core/model/outcome.js';
import { OctoStoreError } from '../errors/octostore-error.js';
import { ADMINISTRATOR } from './administrator.js';
import { LeasePresenter } from './lease-presenter.js';

/** Presents the reasons why a user has no lease under the id that it names. */
@Injectable()
export class LostLeasePresenter {
  constructor(private readonly leases: LeasePresenter) {}

  error(refusal: NotYours): OctoStoreError {
    return refusal.kind === 'lease_broken' ? this.broken(refusal.broken) : new OctoStoreError(refusal.kind);
  }

  broken({ reason, brokenBy, brokenAt }: BrokenLease): OctoStoreError {
    return new OctoStoreError('lease_broken', {
      body: {
        reason,
        broken_by: brokenBy === null ? ADMINISTRATOR : this.leases.loginOf({ userId: brokenBy }),
        broken_at: this.leases.timeOf(brokenAt),
      },
    });
  }
}
