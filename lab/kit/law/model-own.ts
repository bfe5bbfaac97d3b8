import type { LeaseReference } from '../../../src/core/model/command.js';
import type { BrokenLease } from '../../../src/core/model/broken-lease.js';
import type { Lease } from '../../../src/core/model/lease.js';
import type { LeaseId, UserId } from '../../../src/core/model/ids.js';
import type { LockName } from '../../../src/core/model/lock-name.js';
import type { NotYours } from '../../../src/core/model/outcome.js';
import { endOverdue, endOverdueOf } from './model-sessions.js';
import type { ModelState } from './model-state.js';

/** The lease that the command names: by one of its locks, or by its id alone. If it was broken, the answer says so. */
export function ownLease(
  model: ModelState,
  { lockName, userId, leaseId }: LeaseReference,
): { kind: 'found'; lease: Lease } | NotYours {
  const isOwn = (lease: Lease): boolean => lease.leaseId === leaseId && lease.holder.userId === userId;
  const all = (): Lease[] => model.leases.filter(isOwn);
  if (lockName === null) endOverdueOf(model, all);
  else endOverdue(model, lockName);
  const found = lockName === null ? all() : model.leasesOf(lockName).filter(isOwn);
  const [lease] = found;
  if (lease !== undefined)
    return lockName === null && found.length > 1 ? { kind: 'ambiguous_lease_id' } : { kind: 'found', lease };
  const broken = latestBroken(model, userId, leaseId, lockName === null ? null : [lockName]);
  return broken === undefined ? { kind: 'lock_not_found' } : { kind: 'lease_broken', broken };
}

/** The user's lease with this id that was broken last, of those that held one of the locks. Null means any lock. */
export function latestBroken(
  model: ModelState,
  userId: UserId,
  leaseId: LeaseId,
  lockNames: readonly LockName[] | null,
): BrokenLease | undefined {
  return model
    .rememberedAt(model.now)
    .findLast(
      (broken) =>
        broken.userId === userId &&
        broken.leaseId === leaseId &&
        (lockNames === null || broken.lockNames.some((name) => lockNames.includes(name))),
    );
}
