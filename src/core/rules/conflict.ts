import type { Lease } from '../model/lease.js';
import type { Conflict } from '../model/outcome.js';
import type { Lock, Ticket } from '../state/records.js';
import type { Transition } from '../transition.js';
import { fits } from './fit.js';

/** Tells a request who holds the lock that it cannot have: of several holders the one that came first. */
export function conflictOver(transition: Transition, lock: Lock): Conflict {
  const lease = lock.leases.first?.lease;
  if (lease === undefined) throw new Error('a lock that is not granted is held');
  return { kind: 'conflict', lease, retryAfterMs: Math.max(0, endOf(transition, lease) - transition.now) };
}

/** Tells a ticket who holds the first of its locks in which it does not fit. */
export function conflictOfTicket(transition: Transition, ticket: Ticket): Conflict {
  const place = ticket.places.find(({ lock }) => !fits(lock));
  if (place === undefined) throw new Error('a lock with somebody in its queue is never free');
  return conflictOver(transition, place.lock);
}

/** When the lease ends if its holder does nothing. */
function endOf({ state }: Transition, { holder, deadline }: Lease): number {
  const session = holder.sessionId === null ? null : state.session(holder.sessionId);
  return session === null ? deadline : Math.min(deadline, session.deadline);
}
