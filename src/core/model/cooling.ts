import type { FencingToken, UserId } from './ids.js';
import type { LeaseTerms } from './lease.js';
import type { LockName } from './lock-name.js';
import { afterSeconds, type Instant } from './time.js';

/** For how long no one gets the locks of a lease after it has ended. Only for leases that hold all of their locks exclusively. */
export interface CoolingTerms {
  /** In seconds, counted from the deadline if the lease or its session expires, and from the break if the lease is broken. */
  readonly lockDelaySeconds: number;
  /** In seconds, counted from the grant, however the lease ends. A break ignores it. */
  readonly minHoldSeconds: number;
}

export const NO_COOLING: CoolingTerms = { lockDelaySeconds: 0, minHoldSeconds: 0 };

/** A lock that no lease holds, but that no one is granted until a certain time. It counts in its last holder's quota. */
export interface Cooling {
  readonly lockName: LockName;
  readonly userId: UserId;
  /** The fencing token of the lease that ended. */
  readonly fencingToken: FencingToken;
  /** The last instant at which the lock is not granted. */
  readonly until: Instant;
}

/** Until when the locks of a lease cool that has expired. That is its end if they do not cool. */
export function coolingAfterExpiry({ lockDelaySeconds, keptUntil }: LeaseTerms, end: Instant): Instant {
  const delayedUntil = afterSeconds(end, lockDelaySeconds);
  return keptUntil !== null && keptUntil > delayedUntil ? keptUntil : delayedUntil;
}
