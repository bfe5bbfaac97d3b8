import type { Lease } from '../model/lease.js';
import type { Instant } from '../model/time.js';
import type { Transition } from '../transition.js';

/** The last instant at which the lease is alive if no one does anything. It may end with its session. */
export function endOfLease({ state }: Transition, lease: Lease): Instant {
  return state.endOfLease(lease);
}
