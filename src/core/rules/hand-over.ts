import type { Cooling } from '../model/cooling.js';
import { SHARED } from '../model/demand.js';
import { termsWithHold, type Lease } from '../model/lease.js';
import type { LockName } from '../model/lock-name.js';
import type { AcquireAnswer } from '../model/outcome.js';
import type { Instant } from '../model/time.js';
import type { Lock, Ticket } from '../state/records.js';
import type { Breaker, Transition } from '../transition.js';
import { conflictOfTicket } from './conflict.js';
import { coolingAfter, locksThatCool, type LeaseEnd } from './cooling.js';
import { isNext } from './fit.js';
import { grant } from './grant.js';

/*
 * A lock is never left while the first one who asks for it fits. Every function that can let the next ticket in is therefore in this
 * file, and hands the lock over in the same step. No other rule ends a lease or the cooling of a lock, or lets a ticket that is asking leave or fall silent,
 * except to grant it or to put another one in its place.
 */

export function endLease(transition: Transition, lease: Lease, how: Exclude<LeaseEnd, 'broken'>): void {
  const coolsUntil = coolingAfter(transition, lease, how);
  transition.endLease(lease, how === 'expired' ? 'expired' : 'released');
  coolAndHandOver(transition, lease, coolsUntil);
}

/** Ends a lease against the will of its holder. */
export function breakLease(transition: Transition, lease: Lease, by: Breaker): void {
  const coolsUntil = coolingAfter(transition, lease, 'broken');
  transition.breakLease(lease, by);
  coolAndHandOver(transition, lease, coolsUntil);
}

/** The lock of a lease is available to everyone again. */
export function endCooling(transition: Transition, cooling: Cooling): void {
  transition.endCooling(cooling);
  handOverNamed(transition, cooling.lockName);
}

/** A lease shares a lock that it held exclusively, so others may now hold the lock too. */
export function shareLock(transition: Transition, lease: Lease, lockName: LockName): Lease {
  const shared = transition.convert(lease, termsWithHold(lease, lockName, SHARED));
  handOverNamed(transition, lockName);
  return shared;
}

function coolAndHandOver(transition: Transition, lease: Lease, coolsUntil: Instant | null): void {
  if (coolsUntil !== null) transition.beginCooling(lease, locksThatCool(lease), coolsUntil);
  handOverNamed(transition, lease.lockName);
  for (const { lockName } of lease.terms.others) handOverNamed(transition, lockName);
}

/** Answers tickets that are not granted, and removes them. All of them leave before any lock is handed over. */
export function refuseTickets(
  transition: Transition,
  tickets: readonly Ticket[],
  answer: AcquireAnswer,
): void {
  for (const ticket of tickets) {
    if (ticket.isAsking) transition.answer(ticket, answer);
    transition.dropTicket(ticket);
  }
  for (const ticket of tickets) handOverLocksOf(transition, ticket);
}

/** The wait of a ticket is over. */
export function refuseLate(transition: Transition, ticket: Ticket): void {
  keepPlaceOf(transition, ticket);
  transition.answer(ticket, conflictOfTicket(transition, ticket));
  handOverLocksOf(transition, ticket);
}

/** The user of a ticket gives its place up. */
export function refuseGivenUp(transition: Transition, ticket: Ticket): void {
  transition.dropTicket(ticket);
  if (ticket.isAsking) transition.answer(ticket, { ...conflictOfTicket(transition, ticket), place: null });
  handOverLocksOf(transition, ticket);
}

/** The client of a ticket is gone. */
export function abandon(transition: Transition, ticket: Ticket): void {
  keepPlaceOf(transition, ticket);
  handOverLocksOf(transition, ticket);
}

/** Removes a ticket without an answer. */
export function dropTicket(transition: Transition, ticket: Ticket): void {
  transition.dropTicket(ticket);
  handOverLocksOf(transition, ticket);
}

/** Keeps the place for a while if the client can ask for it again, which takes a lease id that it knows. */
function keepPlaceOf(transition: Transition, ticket: Ticket): void {
  if (ticket.request.leaseIdChosen) transition.keepSilent(ticket);
  else transition.dropTicket(ticket);
}

/** Continues what earlier steps did not finish. */
export function finishHandOvers(transition: Transition): void {
  for (const lock of transition.takeUnfinished()) handOver(transition, lock);
}

function handOverLocksOf(transition: Transition, ticket: Ticket): void {
  for (const { lock } of ticket.places) handOver(transition, lock);
}

function handOverNamed(transition: Transition, lockName: LockName): void {
  const lock = transition.state.lock(lockName);
  if (lock !== null) handOver(transition, lock);
}

/**
 * Grants the lock to those at the head of its line for as long as they fit. Overdue leases must have been ended before.
 */
function handOver(transition: Transition, lock: Lock): void {
  const locks = [lock];
  for (const next of locks) {
    for (let place = next.line?.firstAsking; place && isNext(place.ticket); place = next.line?.firstAsking) {
      if (!transition.mayServe(next)) break;
      serve(transition, place.ticket);
      // The ticket has also left its other lines, so the next tickets there may now be granted.
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
  transition.dropTicket(ticket);
  transition.answer(ticket, answer);
}
