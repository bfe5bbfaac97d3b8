import { coolingAfterExpiry } from '../model/cooling.js';
import { locksOf, USUAL_TERMS, type Lease } from '../model/lease.js';
import type { LockName } from '../model/lock-name.js';
import { afterSeconds, type Instant } from '../model/time.js';
import type { Transition } from '../transition.js';

/** How a lease ends. A grant that is taken back never reached its client, so nothing has been done under it. */
export type LeaseEnd = 'released' | 'expired' | 'broken' | 'taken_back';

/** Until when no one is granted the locks of a lease that ends now. Null if they are available at once. */
export function coolingAfter(transition: Transition, lease: Lease, how: LeaseEnd): Instant | null {
  if (lease.terms === USUAL_TERMS || how === 'taken_back') return null;
  const until = latestAfter(transition, lease, how);
  return until !== null && until > transition.now ? until : null;
}

/** The locks that cool. One that the lease shares with others goes on being used by them. */
export function locksThatCool(lease: Lease): LockName[] {
  return locksOf(lease)
    .filter(({ hold }) => hold.mode === 'exclusive')
    .map(({ lockName }) => lockName);
}

/**
 * If the holder did not say that it has stopped its work, the time in which it may still be at work counts from the end of the lease.
 * Otherwise only its minimum counts. A break overrides the minimum.
 */
function latestAfter({ state, now }: Transition, lease: Lease, how: LeaseEnd): Instant | null {
  if (how === 'expired') return coolingAfterExpiry(lease.terms, state.endOfLease(lease));
  return how === 'broken' ? afterSeconds(now, lease.terms.lockDelaySeconds) : lease.terms.keptUntil;
}
