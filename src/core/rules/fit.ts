import type { Lock, Ticket } from '../state/records.js';

/**
 * Whether another lease may hold the lock beside those that do. Every lease is exclusive, so it goes with no other. An overdue
 * lease counts until it has been ended.
 */
export function fits(lock: Lock): boolean {
  return lock.leases.length === 0;
}

/** Whether a newcomer may have the lock: it fits, and nobody waits. */
export function isOpen(lock: Lock): boolean {
  return (lock.queue?.first ?? null) === null && fits(lock);
}

/** Whether it is the ticket's turn: it is the first in each of its queues and fits in each of its locks. */
export function isNext(ticket: Ticket): boolean {
  return ticket.places.every((place) => place.lock.queue?.first === place && fits(place.lock));
}
