import { Injectable } from '@nestjs/common';
import { Accounts } from '../auth/accounts.js';
import type { Holder, Lease } from '../core/model/lease.js';
import type { ReleaseRequest } from '../core/model/release-request.js';
import type { Instant } from '../core/model/time.js';
import { LockStore } from '../store/lock-store.js';
import type { ReleaseRequested } from './dto/release-requested.dto.js';

/** What every user can see of a lease. */
export interface LeaseFields {
  readonly fencing_token: number;
  readonly expires_at: string;
  readonly holder: string;
  readonly holder_id: string;
  readonly metadata: string | null;
}

/** Presents leases to clients, without their ids and their locks. */
@Injectable()
export class LeasePresenter {
  constructor(
    private readonly store: LockStore,
    private readonly accounts: Accounts,
  ) {}

  fieldsOf(lease: Lease): LeaseFields {
    return {
      fencing_token: lease.fencingToken,
      expires_at: this.timeOf(lease.deadline),
      holder: this.loginOf(lease.holder),
      holder_id: lease.holder.userId,
      metadata: lease.metadata,
    };
  }

  loginOf({ userId }: Pick<Holder, 'userId'>): string {
    return this.accounts.loginOf(userId);
  }

  timeOf(instant: Instant): string {
    return new Date(this.store.toWallMs(instant)).toISOString();
  }

  /** What the holder learns when it renews. Nothing if no one has asked for its locks. */
  releaseRequestFields(request: ReleaseRequest | null): { readonly release_requested?: ReleaseRequested } {
    if (request === null) return {};
    const { requestedBy, message, at } = request;
    return {
      release_requested: {
        by: this.loginOf({ userId: requestedBy }),
        message,
        at: this.timeOf(at),
      },
    };
  }

  /**
   * Milliseconds until a third of the TTL has passed since the grant or last renewal. Two renewals can then fail before the lease
   * ends.
   */
  renewAfterMs({ deadline, ttlSeconds }: Lease): number {
    const ttlMs = ttlSeconds * 1000;
    return Math.max(0, renewAfterGrantMs(ttlSeconds) - (ttlMs - (deadline - this.store.now())));
  }
}

/** The same right after the grant or renewal. */
export function renewAfterGrantMs(ttlSeconds: number): number {
  return Math.floor((ttlSeconds * 1000) / 3);
}
