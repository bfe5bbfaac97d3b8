import type { GiveUpPlace, KeptPlace, LeaveQueue, TakeBack } from '../../../src/core/model/command.js';
import type { OutcomeOf } from '../../../src/core/model/outcome.js';
import { sharesLock } from './model-acquire.js';
import { conflictInLine } from './model-conflict.js';
import { handOver, linesOf, namesOf, removeLease, removeTickets, silence } from './model-hand-over.js';
import { endOverdue } from './model-sessions.js';
import { isAsking, isInLine, isOfUser, type ModelState, type ModelTicket } from './model-state.js';

/** The client of a ticket has gone. */
export function leaveQueue(model: ModelState, { ticketId, keepsPlace }: LeaveQueue): OutcomeOf<LeaveQueue> {
  const ticket = model.tickets.find((other) => other.ticketId === ticketId);
  if (ticket === undefined) return { kind: 'not_queued' };
  if (keepsPlace && !isAsking(ticket)) return { kind: 'left' };
  if (keepsPlace && ticket.request.leaseIdChosen) silence(model, ticket);
  else removeTickets(model, [ticket]);
  handOver(model, linesOf(ticket));
  return { kind: 'left' };
}

/** The deadline of a ticket has passed: that of its wait, or that of its silence. */
export function endWait(model: ModelState, ticket: ModelTicket): void {
  if (!isAsking(ticket)) return removeTickets(model, [ticket]);
  for (const lockName of linesOf(ticket)) endOverdue(model, lockName);
  if (!model.tickets.includes(ticket)) return;
  if (ticket.request.leaseIdChosen) silence(model, ticket);
  else removeTickets(model, [ticket]);
  model.answer(ticket, conflictInLine(model, ticket));
  handOver(model, linesOf(ticket));
}

export function giveUpPlace(
  model: ModelState,
  { lockName, userId, leaseId }: GiveUpPlace,
): OutcomeOf<GiveUpPlace> {
  const tickets = model.tickets.filter(
    (ticket) =>
      isOfUser(ticket, userId) &&
      ticket.request.leaseIdChosen &&
      ticket.request.leaseId === leaseId &&
      isInLine(ticket, lockName),
  );
  if (tickets.length === 0) return { kind: 'not_queued' };
  removeTickets(model, tickets);
  for (const ticket of tickets.filter(isAsking))
    model.answer(ticket, { ...conflictInLine(model, ticket), place: null });
  handOver(model, tickets.flatMap(linesOf));
  return { kind: 'left' };
}

/** Ends a lease that its client never learned of, and gives the client its place in line back. */
export function takeBack(model: ModelState, command: TakeBack): OutcomeOf<TakeBack> {
  const { userId, leaseId, fencingToken, place } = command;
  const lease = model.leases.find(
    (other) =>
      other.fencingToken === fencingToken && other.leaseId === leaseId && other.holder.userId === userId,
  );
  if (lease === undefined) return { kind: 'lock_not_found' };
  removeLease(model, lease, 'released');
  if (place !== null && mayComeBack(model, place)) comeBack(model, place);
  handOver(model, namesOf(lease));
  return { kind: 'released' };
}

function mayComeBack(model: ModelState, { request }: KeptPlace): boolean {
  const { userId, sessionId } = request.holder;
  if (sessionId !== null && !model.isSessionLive(sessionId)) return false;
  return !model.tickets.some(
    (other) =>
      isOfUser(other, userId) &&
      other.request.leaseId === request.leaseId &&
      sharesLock(other.request, request),
  );
}

function comeBack(model: ModelState, place: KeptPlace): void {
  const ticket: ModelTicket = { ...place, deadline: Infinity, silence: null };
  model.tickets = [...model.tickets, ticket].toSorted((a, b) => a.arrival - b.arrival);
  silence(model, ticket);
}
