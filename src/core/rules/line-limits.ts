import type { AcquireRequest } from '../model/command.js';
import type { TooManyWaiters } from '../model/outcome.js';
import { limitFor } from '../model/quotas.js';
import type { Ticket } from '../state/records.js';
import type { Transition } from '../transition.js';

/**
 * Why the request cannot wait in line. Null if there is no reason. Places that no one is asking for make way, those that have been
 * silent longest first. If that does not help, they stay.
 */
export function makeRoomInLine(
  transition: Transition,
  { holder, wants }: AcquireRequest,
): TooManyWaiters | null {
  const { state, quotas } = transition;
  const { maxWaiters } = quotas;
  const maxWaitersPerUser = limitFor(holder.userId, 'maxWaitersPerUser', quotas);
  const making = new Set<Ticket>();
  const ownExcess = state.placeCountOf(holder.userId) + wants.length - maxWaitersPerUser;
  if (!makeWay(making, state.silentTickets(holder.userId), ownExcess)) {
    return { kind: 'too_many_waiters', of: 'user', limit: maxWaitersPerUser };
  }
  const excess = state.placeCount + wants.length - maxWaiters;
  if (!makeWay(making, state.silentTickets(null), excess)) {
    return { kind: 'too_many_waiters', of: 'all_users', limit: maxWaiters };
  }
  for (const ticket of making) transition.dropTicket(ticket);
  return null;
}

/** Adds silent tickets to those that make way until they have `excess` places. Returns false if there are too few. */
function makeWay(making: Set<Ticket>, silent: Iterable<Ticket>, excess: number): boolean {
  let left = excess;
  for (const { places } of making) left -= places.length;
  if (left <= 0) return true;
  for (const ticket of silent) {
    if (making.has(ticket)) continue;
    making.add(ticket);
    left -= ticket.places.length;
    if (left <= 0) return true;
  }
  return false;
}
