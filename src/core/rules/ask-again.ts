import type { AcquireRequest, Wait } from '../model/command.js';
import type { AcquireAnswer, Queued } from '../model/outcome.js';
import type { Ticket } from '../state/records.js';
import type { Transition } from '../transition.js';
import { conflictOfTicket } from './conflict.js';
import { isNext } from './fit.js';
import { grant } from './grant.js';

/**
 * A client asks again for the lease that it is in line for: it has lost its connection, or its last wait has ended. The new request
 * continues in the same place. Without a wait it only keeps the place for longer.
 */
export function askAgain(
  transition: Transition,
  ticket: Ticket,
  request: AcquireRequest,
  wait: Wait | null,
): AcquireAnswer | Queued {
  if (!ticket.isAsking && isNext(ticket)) {
    transition.dropTicket(ticket);
    return grant(transition, request);
  }
  if (wait === null) {
    if (!ticket.isAsking) transition.keepSilent(ticket);
    return conflictOfTicket(transition, ticket);
  }
  transition.replaceTicket(ticket, request, wait);
  if (ticket.isAsking) transition.answer(ticket, conflictOfTicket(transition, ticket));
  return { kind: 'queued' };
}
