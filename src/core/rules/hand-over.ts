import type { Lease } from '../model/lease.js';
import type { AcquireAnswer } from '../model/outcome.js';
import type { Lock, Ticket } from '../state/records.js';
import type { LeaseEnd, Transition } from '../transition.js';
import { isNext } from './fit.js';
import { grant } from './grant.js';

/*
 * A lock is never free while the first ticket in its queue fits. Every function that can let the next ticket in is therefore
 * in this file, and hands the lock over in the same step. No other rule ends a lease or removes a ticket from its queues.
 */

export function endLease(transition: Transition, lease: Lease, how: LeaseEnd): void {
  transition.endLease(lease, how);
  const lock = transition.state.lock(lease.lockName);
  if (lock !== null) handOver(transition, lock);
}

/** Answers tickets that are not granted. All of them leave their queues before any lock is handed over. */
export function refuseTickets(
  transition: Transition,
  tickets: readonly Ticket[],
  answer: AcquireAnswer,
): void {
  for (const ticket of tickets) transition.settle(ticket, answer);
  for (const ticket of tickets) handOverLocksOf(transition, ticket);
}

/** Removes a ticket without an answer, because its client has disconnected. */
export function dropTicket(transition: Transition, ticket: Ticket): void {
  transition.dropTicket(ticket);
  handOverLocksOf(transition, ticket);
}

function handOverLocksOf(transition: Transition, ticket: Ticket): void {
  for (const { lock } of ticket.places) handOver(transition, lock);
}

/**
 * Grants the lock to the tickets at the head of its queue for as long as they fit. Overdue leases must have been ended
 * before.
 */
function handOver(transition: Transition, lock: Lock): void {
  const locks = [lock];
  for (const next of locks) {
    for (let place = next.queue?.first; place && isNext(place.ticket); place = next.queue?.first) {
      serve(transition, place.ticket);
      // The ticket has also left its other queues, so the next tickets there may now be granted.
      for (const other of place.ticket.places) if (other !== place) locks.push(other.lock);
    }
  }
}

function serve(transition: Transition, ticket: Ticket): void {
  const { sessionId } = ticket.request.holder;
  const hasSessionEnded = sessionId !== null && !transition.state.isSessionAlive(sessionId, transition.now);
  const answer: AcquireAnswer = hasSessionEnded
    ? { kind: 'session_expired' }
    : grant(transition, ticket.request);
  transition.settle(ticket, answer);
}
