import type { Lease } from '../model/lease.js';
import type { Conflict } from '../model/outcome.js';
import type { Lock, Ticket } from '../state/records.js';
import type { Transition } from '../transition.js';
import { fits } from './fit.js';

/** The answer to a request that cannot have the lock. It names the holder. If there are several, it names the earliest. */
export function conflictOver(transition: Transition, lock: Lock): Conflict {
  const lease = lock.leases.first?.lease;
  if (lease === undefined) throw new Error(`the lock "${lock.name}" conflicts but has no lease`);
  return { kind: 'conflict', lease, retryAfterMs: Math.max(0, endOf(transition, lease) - transition.now) };
}

/** The answer to a ticket that is not granted. It names the holder of the first lock that the ticket cannot have. */
export function conflictOfTicket(transition: Transition, ticket: Ticket): Conflict {
  const place = ticket.places.find(({ lock }) => !fits(lock));
  if (place === undefined) throw new Error('the ticket waits, but all of its locks are free');
  return conflictOver(transition, place.lock);
}

/** The instant at which the lease ends if its holder does nothing. */
function endOf({ state }: Transition, { holder, deadline }: Lease): number {
  const session = holder.sessionId === null ? null : state.session(holder.sessionId);
  return session === null ? deadline : Math.min(deadline, session.deadline);
}
