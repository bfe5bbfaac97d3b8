import { Injectable } from '@nestjs/common';
import { may, type Actor } from '../access/may.js';
import { Accounts } from '../auth/accounts.js';
import type { Lease } from '../core/model/lease.js';
import type { LockName } from '../core/model/lock-name.js';
import type { Conflict } from '../core/model/outcome.js';
import type { Instant } from '../core/model/time.js';
import type { StateView } from '../core/state/state-view.js';
import { OctoStoreError } from '../errors/octostore-error.js';
import { LockStore } from '../store/lock-store.js';
import type { HeldLock, ListedLock, LockHeld, LockNotHeld, LockResponse } from './dto/lock-responses.dto.js';

/** Presents leases to clients. Only the holder is shown the id of a lease. That is decided here and nowhere else. */
@Injectable()
export class LockPresenter {
  constructor(
    private readonly store: LockStore,
    private readonly accounts: Accounts,
  ) {}

  /** For the holder, right after a grant or renewal. */
  toHolder(lease: Lease, status: LockResponse['status']): LockResponse {
    return this.#leaseResponse(lease, status, Math.floor((lease.ttlSeconds * 1000) / 3));
  }

  /** For the holder, some time after the grant. */
  alreadyHeld(lease: Lease): LockResponse {
    return this.#leaseResponse(lease, 'held', renewAfterMs(lease, this.store.now()));
  }

  #leaseResponse(lease: Lease, status: LockResponse['status'], renew_after_ms: number): LockResponse {
    return { status, lease_id: lease.leaseId, renew_after_ms, ...this.#held(lease) };
  }

  /** The status of the lock, whether or not it is held. */
  status(lockName: LockName, state: StateView, now: Instant, viewer: Actor): LockHeld | LockNotHeld {
    const lease = state.firstLiveLease(lockName, now);
    const waiters = state.queueLength(lockName);
    if (lease !== null && may(viewer, 'observe', lease)) {
      const lease_id = isHolder(lease, viewer) ? lease.leaseId : null;
      return { status: 'held', lease_id, ...this.#held(lease), waiters };
    }
    const message = 'Lock not currently held';
    return { status: 'available', name: lockName, message, fencing_token: state.lastFencingToken, waiters };
  }

  listed(lease: Lease, viewer: Actor): ListedLock {
    return {
      status: 'held',
      ...this.#held(lease),
      ...(isHolder(lease, viewer) ? { lease_id: lease.leaseId } : {}),
    };
  }

  conflict({ lease, retryAfterMs }: Conflict): OctoStoreError {
    const { name, holder, holder_id, expires_at, metadata } = this.#held(lease);
    return new OctoStoreError('lock_held', {
      retryAfterMs,
      body: {
        lock: { name, holder, expires_at },
        status: 'held',
        holder_id,
        expires_at,
        metadata,
        retry_after_ms: retryAfterMs,
      },
    });
  }

  #held(lease: Lease): HeldLock {
    return {
      name: lease.lockName,
      fencing_token: lease.fencingToken,
      expires_at: new Date(this.store.toWallMs(lease.deadline)).toISOString(),
      holder: this.accounts.loginOf(lease.holder.userId),
      holder_id: lease.holder.userId,
      metadata: lease.metadata,
    };
  }
}

/**
 * Time left until a third of the TTL has passed since the grant or last renewal. Two renewals can then fail before the lease
 * ends.
 */
function renewAfterMs({ deadline, ttlSeconds }: Lease, now: Instant): number {
  const ttlMs = ttlSeconds * 1000;
  return Math.max(0, Math.floor(ttlMs / 3) - (ttlMs - (deadline - now)));
}

function isHolder(lease: Lease, viewer: Actor): boolean {
  return lease.holder.userId === viewer.userId;
}
