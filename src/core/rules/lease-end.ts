import type { Lease } from '../model/lease.js';
import type { Instant } from '../model/time.js';
import type { Transition } from '../transition.js';

/** The last instant at which the lease is alive if no one does anything. It may end with its session. */
export function endOfLease({ state }: Transition, { holder, deadline }: Lease): Instant {
  const session = holder.sessionId === null ? null : state.session(holder.sessionId);
  return session !== null && session.deadline < deadline ? session.deadline : deadline;
}
