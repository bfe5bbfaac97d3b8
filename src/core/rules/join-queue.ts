import type { AcquireRequest, Wait } from '../model/command.js';
import type { Queued, TooManyWaiters } from '../model/outcome.js';
import type { Lock } from '../state/records.js';
import type { Transition } from '../transition.js';
import { conflictOver } from './conflict.js';
import { refusalOfTicket } from './quota.js';

/** Queues a request for a lock that is not available. */
export function joinQueue(
  transition: Transition,
  lock: Lock,
  request: AcquireRequest,
  wait: Wait,
): Queued | TooManyWaiters {
  // If a client asks again for the same lease, it has lost its first connection. The new request takes over the place in the
  // queue, so it does not count towards the limits again.
  const earlier = transition.state.ticketForChosenLease(request);
  if (earlier !== null) {
    transition.replaceTicket(earlier, conflictOver(transition, lock), request, wait);
    return { kind: 'queued' };
  }
  const refusal = refusalOfTicket(transition, request.holder.userId);
  if (refusal !== null) return refusal;
  transition.enqueue(request, wait);
  return { kind: 'queued' };
}
