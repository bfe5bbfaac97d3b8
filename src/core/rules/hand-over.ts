import type { Lease } from '../model/lease.js';
import type { AcquireAnswer } from '../model/outcome.js';
import type { Lock, Ticket } from '../state/records.js';
import type { LeaseEnd, Transition } from '../transition.js';
import { isNext } from './fit.js';
import { grant } from './grant.js';

/*
 * A lock with somebody in its queue who fits is never free. So whatever may let the next one in stands here, and hands the
 * lock over in the same step: no other rule ends a lease, or takes a ticket out of its queues.
 */

export function endLease(transition: Transition, lease: Lease, how: LeaseEnd): void {
  transition.endLease(lease, how);
  const lock = transition.state.lock(lease.lockName);
  if (lock !== null) handOver(transition, lock);
}

/** Answers tickets that are not granted anything. All of them leave before anybody else is served. */
export function sendAway(transition: Transition, tickets: readonly Ticket[], answer: AcquireAnswer): void {
  for (const ticket of tickets) transition.settle(ticket, answer);
  for (const ticket of tickets) handOverLocksOf(transition, ticket);
}

/** Takes a ticket out of its queues that nobody asks for any more. */
export function dropTicket(transition: Transition, ticket: Ticket): void {
  transition.dropTicket(ticket);
  handOverLocksOf(transition, ticket);
}

function handOverLocksOf(transition: Transition, ticket: Ticket): void {
  for (const { lock } of ticket.places) handOver(transition, lock);
}

/** Serves those at the head of the queue as long as they fit. What is overdue in the lock has been ended before. */
function handOver(transition: Transition, lock: Lock): void {
  const locks = [lock];
  for (const next of locks) {
    for (let place = next.queue?.first; place && isNext(place.ticket); place = next.queue?.first) {
      serve(transition, place.ticket);
      // Its places in other queues are free now, too.
      for (const other of place.ticket.places) if (other !== place) locks.push(other.lock);
    }
  }
}

function serve(transition: Transition, ticket: Ticket): void {
  const { sessionId } = ticket.request.holder;
  const isOver = sessionId !== null && !transition.state.isSessionAlive(sessionId, transition.now);
  const answer: AcquireAnswer = isOver ? { kind: 'session_expired' } : grant(transition, ticket.request);
  transition.settle(ticket, answer);
}
