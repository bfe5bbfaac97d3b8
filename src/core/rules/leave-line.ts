import type { GiveUpPlace, LeaveQueue } from '../model/command.js';
import type { OutcomeOf } from '../model/outcome.js';
import type { Ticket } from '../state/records.js';
import type { Transition } from '../transition.js';
import { currentLock } from './expiry.js';
import { abandon, dropTicket, refuseGivenUp, refuseLate } from './hand-over.js';

export function leaveQueue(
  transition: Transition,
  { ticketId, keepsPlace }: LeaveQueue,
): OutcomeOf<LeaveQueue> {
  const ticket = transition.state.ticket(ticketId);
  if (ticket === null) return { kind: 'not_queued' };
  if (!keepsPlace) dropTicket(transition, ticket);
  else if (ticket.isAsking) abandon(transition, ticket);
  return { kind: 'left' };
}

export function giveUpPlace(
  transition: Transition,
  { lockName, userId, leaseId }: GiveUpPlace,
): OutcomeOf<GiveUpPlace> {
  const ticket = transition.state
    .ticketsWithChosenLease(userId, leaseId)
    .find(({ request }) => request.wants.some((want) => want.lockName === lockName));
  if (ticket === undefined) return { kind: 'not_queued' };
  refuseGivenUp(transition, ticket);
  return { kind: 'left' };
}

/** Ends a wait, or the time for which a silent place is kept. If an overdue lease was in the way, the ticket may still be granted. */
export function endWait(transition: Transition, ticket: Ticket): void {
  if (!ticket.isAsking) return dropTicket(transition, ticket);
  for (const { lock } of ticket.places) currentLock(transition, lock.name);
  if (transition.state.ticket(ticket.ticketId) === null) return;
  refuseLate(transition, ticket);
}
