import type { AcquireRequest, Wait } from '../model/command.js';
import type { Queued, TooManyWaiters } from '../model/outcome.js';
import type { Lock } from '../state/records.js';
import type { Transition } from '../transition.js';
import { conflictOver } from './conflict.js';
import { refusalOfTicket } from './quota.js';

/** Has a request wait for a lock that it cannot have yet. */
export function joinQueue(
  transition: Transition,
  lock: Lock,
  request: AcquireRequest,
  wait: Wait,
): Queued | TooManyWaiters {
  // A client that asks again for the same lease has lost its first connection: the new request takes over its place, and so
  // needs no further room.
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
