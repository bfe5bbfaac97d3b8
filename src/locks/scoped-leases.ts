import { Injectable } from '@nestjs/common';
import { outOfScope } from '../access/access.js';
import type { Scope } from '../access/scope/scope.js';
import type { Caller } from '../auth/caller.js';
import { lockNamesOf } from '../core/model/lease.js';
import type { LockName } from '../core/model/lock-name.js';
import type { StateView } from '../core/state/state-view.js';
import type { Instant } from '../core/model/time.js';
import { OctoStoreError } from '../errors/octostore-error.js';
import { LockStore } from '../store/lock-store.js';
import type { OwnLease } from './own-lease.js';

/**
 * What a token with scopes may do with the leases of its owner. A lease counts as a whole: the scopes must include each of its locks.
 * By its id alone, any other lease does not exist for such a token.
 */
@Injectable()
export class ScopedLeases {
  constructor(private readonly store: LockStore) {}

  /** Throws `forbidden` or `lock_not_found` if the caller's token may neither keep nor end the lease. */
  assertMayEnd(own: OwnLease, { userId, scope }: Caller): void {
    if (scope === null) return;
    const { lockName } = own;
    if (lockName !== null && !scope.allows('acquire', lockName)) throw outOfScope('acquire', { lockName });
    const names = this.store.peek((state, now) => lockNamesOfLease(own, userId, state, now));
    if (scope.allowsAll('acquire', names)) return;
    throw lockName === null ? new OctoStoreError('lock_not_found') : onlyPartInScope();
  }

  /** Throws `forbidden` if the caller's token may not end the place in line. */
  assertMayLeave(own: OwnLease & { readonly lockName: LockName }, { userId, scope }: Caller): void {
    if (scope === null) return;
    const { lockName, leaseId } = own;
    if (!scope.allows('acquire', lockName)) throw outOfScope('acquire', { lockName });
    const names = this.store.peek((state) => state.locksOfPlace(lockName, userId, leaseId));
    if (!scope.allowsAll('acquire', names)) throw onlyPartInScope();
  }
}

/** Whether a token may see a lease that is named by its id alone. */
export function isLeaseVisible(scope: Scope | null, lockNames: readonly LockName[]): boolean {
  return scope === null || scope.allowsAll('observe', lockNames);
}

/** The names of the locks of a user's leases with an id, alive or broken. */
function lockNamesOfLease(
  { leaseId, lockName }: OwnLease,
  userId: Caller['userId'],
  state: StateView,
  now: Instant,
): LockName[] {
  const leases = [
    ...state.leasesWithId(userId, leaseId, now).map(lockNamesOf),
    ...state.brokenLeasesWithId(userId, leaseId, now).map(({ lockNames }) => lockNames),
  ];
  return leases.filter((names) => lockName === null || names.includes(lockName)).flat();
}

function onlyPartInScope(): OctoStoreError {
  return new OctoStoreError('forbidden', {
    details:
      'The scopes of your token include only some of the locks that belong together here. Use another token.',
  });
}
