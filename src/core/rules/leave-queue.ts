import type { LeaveQueue } from '../model/command.js';
import type { OutcomeOf } from '../model/outcome.js';
import type { Ticket } from '../state/records.js';
import type { Transition } from '../transition.js';
import { conflictOfTicket } from './conflict.js';
import { presentLock } from './expiry.js';
import { dropTicket, sendAway } from './hand-over.js';

/** The client has gone. */
export function leaveQueue(transition: Transition, { ticketId }: LeaveQueue): OutcomeOf<LeaveQueue> {
  const ticket = transition.state.ticket(ticketId);
  if (ticket === null) return { kind: 'not_queued' };
  dropTicket(transition, ticket);
  return { kind: 'left' };
}

/** The wait is over, unless it ends with a grant because a lease that stood in its way is overdue. */
export function endWait(transition: Transition, ticket: Ticket): void {
  for (const { lock } of ticket.places) presentLock(transition, lock.name);
  if (transition.state.ticket(ticket.ticketId) === null) return;
  sendAway(transition, [ticket], conflictOfTicket(transition, ticket));
}
