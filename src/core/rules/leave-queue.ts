import type { LeaveQueue } from '../model/command.js';
import type { OutcomeOf } from '../model/outcome.js';
import type { Ticket } from '../state/records.js';
import type { Transition } from '../transition.js';
import { conflictOfTicket } from './conflict.js';
import { currentLock } from './expiry.js';
import { dropTicket, refuseTickets } from './hand-over.js';

export function leaveQueue(transition: Transition, { ticketId }: LeaveQueue): OutcomeOf<LeaveQueue> {
  const ticket = transition.state.ticket(ticketId);
  if (ticket === null) return { kind: 'not_queued' };
  dropTicket(transition, ticket);
  return { kind: 'left' };
}

/** Ends a wait that has timed out. If an overdue lease was in the way, the ticket may still be granted now. */
export function endWait(transition: Transition, ticket: Ticket): void {
  for (const { lock } of ticket.places) currentLock(transition, lock.name);
  if (transition.state.ticket(ticket.ticketId) === null) return;
  refuseTickets(transition, [ticket], conflictOfTicket(transition, ticket));
}
