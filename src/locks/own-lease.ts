import type { LeaseId } from '../core/model/ids.js';
import type { LockName } from '../core/model/lock-name.js';

/** A lease of the caller, by its id and one of its locks, or by its id alone. */
export interface OwnLease {
  readonly leaseId: LeaseId;
  readonly lockName: LockName | null;
}
