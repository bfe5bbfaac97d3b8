import type { AcquireRequest } from '../model/command.js';
import type { UserId } from '../model/ids.js';
import type { TooManyWaiters } from '../model/outcome.js';
import type { Ticket } from '../state/records.js';
import type { Transition } from '../transition.js';

/**
 * Why the request cannot wait in line. Null if there is no reason. Places that no one is asking for make way: the ones that have
 * been silent longest are dropped.
 */
export function makeRoomInLine(
  transition: Transition,
  { holder, wants }: AcquireRequest,
): TooManyWaiters | null {
  const { state, quotas } = transition;
  const { maxWaiters, maxWaitersPerUser } = quotas;
  const ownExcess = state.placeCountOf(holder.userId) + wants.length - maxWaitersPerUser;
  if (!dropSilent(transition, holder.userId, ownExcess)) {
    return { kind: 'too_many_waiters', of: 'user', limit: maxWaitersPerUser };
  }
  if (dropSilent(transition, null, state.placeCount + wants.length - maxWaiters)) return null;
  return { kind: 'too_many_waiters', of: 'all_users', limit: maxWaiters };
}

/** Drops silent tickets of one user, or of all users, until `excess` places are gone. Returns false, and drops none, if there are too few. */
function dropSilent(transition: Transition, userId: UserId | null, excess: number): boolean {
  const dropped: Ticket[] = [];
  let left = excess;
  for (const ticket of left > 0 ? transition.state.silentTickets(userId) : []) {
    dropped.push(ticket);
    left -= ticket.places.length;
    if (left <= 0) break;
  }
  if (left > 0) return false;
  for (const ticket of dropped) transition.dropTicket(ticket);
  return true;
}
