import type { LeaseId, UserId } from '../model/ids.js';
import type { LockName } from '../model/lock-name.js';
import type { LeaseBroken } from '../model/outcome.js';
import type { Transition } from '../transition.js';

/**
 * The refusal for a user whose lease with this id was broken, or null if none was. If several were, the latest break counts.
 *
 * @param lockNames a lease counts only if it held one of these locks. Null means any lock.
 */
export function whyBroken(
  { state, now }: Transition,
  userId: UserId,
  leaseId: LeaseId,
  lockNames: readonly LockName[] | null,
): LeaseBroken | null {
  const broken = state
    .brokenLeasesWithId(userId, leaseId, now)
    .findLast((lease) => lockNames === null || lockNames.some((name) => lease.lockNames.includes(name)));
  return broken === undefined ? null : { kind: 'lease_broken', broken };
}
