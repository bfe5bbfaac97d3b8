import type { Lock, Ticket } from '../state/records.js';

/**
 * Whether another lease may hold the lock along with its current ones. Every lease is exclusive, so it may not if there are
 * any. An overdue lease counts until it has been ended.
 */
export function fits(lock: Lock): boolean {
  return lock.leases.length === 0;
}

/** Whether the lock can be granted to a new request: it fits, and no one is waiting. */
export function isAvailable(lock: Lock): boolean {
  return (lock.queue?.first ?? null) === null && fits(lock);
}

/** Whether the ticket can be granted: it is first in each of its queues and fits in each of its locks. */
export function isNext(ticket: Ticket): boolean {
  return ticket.places.every((place) => place.lock.queue?.first === place && fits(place.lock));
}
