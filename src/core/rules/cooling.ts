import { coolingAfterExpiry } from '../model/cooling.js';
import { locksOf, USUAL_TERMS, type Lease } from '../model/lease.js';
import type { LockName } from '../model/lock-name.js';
import { afterSeconds, type Instant } from '../model/time.js';
import type { Transition } from '../transition.js';

/** How a lease ends. A grant that is taken back never reached its client, so nothing has been done under it. */
export type LeaseEnd = 'released' | 'expired' | 'broken' | 'taken_back';

/** When the locks of a lease that ends now become available. Null if they are available at once. */
export function coolingAfter(transition: Transition, lease: Lease, how: LeaseEnd): Instant | null {
  if (lease.terms === USUAL_TERMS || how === 'taken_back') return null;
  const until = latestAfter(transition, lease, how);
  return until !== null && until > transition.now ? until : null;
}

/** The locks that cool: only exclusive ones, since others may still be using a lock that the lease shared. */
export function locksThatCool(lease: Lease): LockName[] {
  return locksOf(lease)
    .filter(({ hold }) => hold.mode === 'exclusive')
    .map(({ lockName }) => lockName);
}

/**
 * A holder that did not release its lease may still be working, so its lock delay counts from the end of the lease. After a release,
 * only the minimum hold counts. A break overrides the minimum.
 */
function latestAfter({ state, now }: Transition, lease: Lease, how: LeaseEnd): Instant | null {
  if (how === 'expired') return coolingAfterExpiry(lease.terms, state.endOfLease(lease));
  return how === 'broken' ? afterSeconds(now, lease.terms.lockDelaySeconds) : lease.terms.keptUntil;
}
