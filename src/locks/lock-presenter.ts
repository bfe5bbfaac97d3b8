import { Injectable } from '@nestjs/common';
import type { Actor } from '../access/may.js';
import { holdOn, lockCountOf, lockNamesOf, type Lease } from '../core/model/lease.js';
import type { LockName } from '../core/model/lock-name.js';
import type { Acquired, AlreadyHeld, Renewed } from '../core/model/outcome.js';
import type { Instant } from '../core/model/time.js';
import type { Holding, LockHolders, StateView } from '../core/state/state-view.js';
import type { HeldLock, ListedLock, LockResponse } from './dto/lock-responses.dto.js';
import type { LockDelayed, LockHeld, LockHolder, LockNotHeld, LockStatus } from './dto/lock-status.dto.js';
import { LeasePresenter, renewAfterGrantMs } from './lease-presenter.js';
import { presentHold, presentLocks } from './present-hold.js';

/** How many holders of a lock are shown. */
const HOLDERS_MAX = 100;

/** Presents locks to clients. Only the holder is shown the id of a lease, with a token that may keep the whole lease.
 * That is decided here and nowhere else. */
@Injectable()
export class LockPresenter {
  constructor(private readonly leases: LeasePresenter) {}

  /** For the client that asked for the lock. */
  answered(lockName: LockName, { kind, lease }: Acquired | AlreadyHeld): LockResponse {
    if (kind === 'acquired')
      return this.#leaseResponse(lockName, lease, 'acquired', renewAfterGrantMs(lease.ttlSeconds));
    return this.#leaseResponse(lockName, lease, 'held', this.leases.renewAfterMs(lease));
  }

  /** For the holder, right after a renewal. */
  renewed(lockName: LockName, { lease, releaseRequest }: Renewed): LockResponse {
    return {
      ...this.#leaseResponse(lockName, lease, 'held', renewAfterGrantMs(lease.ttlSeconds)),
      ...this.leases.releaseRequestFields(releaseRequest),
    };
  }

  /** For the holder, right after a conversion. */
  converted(lockName: LockName, lease: Lease): LockResponse {
    return this.#leaseResponse(lockName, lease, 'held', this.leases.renewAfterMs(lease));
  }

  /** The status of a lock that the viewer may observe, whether or not it is held. */
  status(lockName: LockName, state: StateView, now: Instant, viewer: Actor): LockStatus {
    const holders = state.holders(lockName, now, HOLDERS_MAX);
    const waiters = state.queueLength(lockName);
    const [first] = holders.holders;
    if (first !== undefined) {
      const { lease } = first;
      const lease_id = isHolder(lease, viewer) ? lease.leaseId : null;
      return { status: 'held', lease_id, ...this.#held(first), waiters, ...this.#holders(holders, viewer) };
    }
    return this.#notHeld(lockName, state, now);
  }

  /** The same without any lease id, not even the viewer's own. */
  watched(lockName: LockName, state: StateView, now: Instant, viewer: Actor): object {
    const status = this.status(lockName, state, now, viewer);
    if (status.status !== 'held') return status;
    const holders = status.holders.map((holder) => ({ ...holder, lease_id: undefined }));
    return { ...status, holders, lease_id: undefined };
  }

  listed(holding: Holding, viewer: Actor): ListedLock {
    return { status: 'held', ...this.#held(holding), ...ownLeaseId(holding.lease, viewer) };
  }

  #leaseResponse(
    lockName: LockName,
    lease: Lease,
    status: LockResponse['status'],
    renew_after_ms: number,
  ): LockResponse {
    return {
      status,
      lease_id: lease.leaseId,
      renew_after_ms,
      ...this.#held({ lockName, lease, hold: holdOn(lease, lockName) }),
      ...(lockCountOf(lease) === 1 ? {} : { locks: presentLocks(lease) }),
    };
  }

  #notHeld(lockName: LockName, state: StateView, now: Instant): LockNotHeld | LockDelayed {
    const counts = { fencing_token: state.lastFencingToken, waiters: state.queueLength(lockName) };
    const until = state.availableAt(lockName, now);
    if (until === null) {
      return { status: 'available', name: lockName, message: 'Lock not currently held', ...counts };
    }
    const available_at = this.leases.timeOf(until);
    return { status: 'delayed', name: lockName, message: 'Lock not available yet', ...counts, available_at };
  }

  #held({ lockName, lease, hold }: Holding): HeldLock {
    return { name: lockName, ...this.leases.fieldsOf(lease), ...presentHold(hold) };
  }

  #holders({ holders, count, permitsInUse }: LockHolders, viewer: Actor): LockHoldersFields {
    return {
      holder_count: count,
      ...(holders[0]?.hold.mode === 'counted' ? { permits_in_use: permitsInUse } : {}),
      holders: holders.map((holding) => this.#holder(holding, viewer)),
    };
  }

  #holder({ lease, hold }: Holding, viewer: Actor): LockHolder {
    const slots = hold.mode === 'counted' ? { slots: hold.slots } : {};
    return { ...this.leases.fieldsOf(lease), ...slots, ...ownLeaseId(lease, viewer) };
  }
}

type LockHoldersFields = Pick<LockHeld, 'holder_count' | 'permits_in_use' | 'holders'>;

function ownLeaseId(lease: Lease, viewer: Actor): { lease_id?: string } {
  return isHolder(lease, viewer) ? { lease_id: lease.leaseId } : {};
}

function isHolder(lease: Lease, { userId, scope }: Actor): boolean {
  if (lease.holder.userId !== userId) return false;
  return scope === null || scope.allowsAll('acquire', lockNamesOf(lease));
}
