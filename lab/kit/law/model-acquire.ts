import { demandOf, isSameDemand, type Want } from '../../../src/core/model/demand.js';
import type { AcquireRequest, Wait } from '../../../src/core/model/command.js';
import type { Arrival, SessionId } from '../../../src/core/model/ids.js';
import { locksOf, type Lease } from '../../../src/core/model/lease.js';
import type { AcquireAnswer, Queued, TooManyWaiters } from '../../../src/core/model/outcome.js';
import { conflictInLine, conflictOfNewcomer, isAvailable } from './model-conflict.js';
import { grant, isNext, removeTickets, silence } from './model-hand-over.js';
import { latestBroken } from './model-own.js';
import { endOverdue, refusalOfSession } from './model-sessions.js';
import { isAsking, isOfUser, type ModelState, type ModelTicket } from './model-state.js';

/** The locks that something holds or asks for, how, and in which session. */
interface Wish {
  readonly wants: readonly Want[];
  readonly sessionId: SessionId | null;
}

export function acquire(
  model: ModelState,
  request: AcquireRequest,
  wait: Wait | null,
): AcquireAnswer | Queued {
  const { sessionId, userId } = request.holder;
  if (sessionId !== null) {
    const refusal = refusalOfSession(model, sessionId, userId);
    if (refusal !== null) return refusal;
  }
  for (const { lockName } of request.wants) endOverdue(model, lockName);
  const repeat = request.leaseIdChosen
    ? answerToChosenId(model, request, wait)
    : answerToHolder(model, request);
  if (repeat !== null) return repeat;
  if (request.wants.every((want) => isAvailable(model, want))) return grant(model, request);
  return wait === null ? conflictOfNewcomer(model, request) : joinLine(model, request, wait);
}

/** The answer if the user holds or waits for one of the locks with this id already. */
function answerToChosenId(
  model: ModelState,
  request: AcquireRequest,
  wait: Wait | null,
): AcquireAnswer | Queued | null {
  const { leaseId, holder } = request;
  const lease = model.leases.find(
    (other) =>
      other.leaseId === leaseId &&
      other.holder.userId === holder.userId &&
      sharesLock(wishOf(other), request),
  );
  if (lease !== undefined)
    return isSameWish(wishOf(lease), wishIn(request))
      ? { kind: 'already_held', lease }
      : { kind: 'lease_mismatch' };
  const ticket = model.tickets.find(
    (other) =>
      other.request.leaseIdChosen &&
      other.request.leaseId === leaseId &&
      isOfUser(other, holder.userId) &&
      sharesLock(wishIn(other.request), request),
  );
  if (ticket === undefined) return answerToBrokenId(model, request);
  if (!isSameWish(wishIn(ticket.request), wishIn(request))) return { kind: 'lease_mismatch' };
  return wait === null ? askOnce(model, ticket, request) : askAgain(model, ticket, request, wait);
}

/** The answer if the user had one of the locks with this id until someone else ended its lease. */
function answerToBrokenId(
  model: ModelState,
  { leaseId, holder, wants }: AcquireRequest,
): AcquireAnswer | null {
  const lockNames = wants.map(({ lockName }) => lockName);
  const broken = latestBroken(model, holder.userId, leaseId, lockNames);
  return broken === undefined ? null : { kind: 'lease_broken', broken };
}

/** The answer if the holder has what it asks for, whatever the id of its lease. */
function answerToHolder(model: ModelState, request: AcquireRequest): AcquireAnswer | null {
  const lease = model.leases.find(
    (other) => other.holder.userId === request.holder.userId && isSameWish(wishOf(other), wishIn(request)),
  );
  return lease === undefined ? null : { kind: 'already_held', lease };
}

/** A request in line asks again, and waits. */
function askAgain(
  model: ModelState,
  earlier: ModelTicket,
  request: AcquireRequest,
  { ticketId, seconds }: Wait,
): AcquireAnswer | Queued {
  if (!isAsking(earlier) && isNext(model, earlier)) return grantInLine(model, earlier, request);
  const deadline = model.now + 1000 * seconds;
  const ticket: ModelTicket = { ticketId, request, arrival: earlier.arrival, deadline, silence: null };
  model.tickets = model.tickets.map((other) => (other === earlier ? ticket : other));
  if (isAsking(earlier)) model.answer(earlier, conflictInLine(model, earlier));
  return { kind: 'queued' };
}

/** A request in line asks again, but does not wait. */
function askOnce(model: ModelState, ticket: ModelTicket, request: AcquireRequest): AcquireAnswer {
  if (isAsking(ticket)) return conflictInLine(model, ticket);
  if (isNext(model, ticket)) return grantInLine(model, ticket, request);
  return conflictInLine(model, silence(model, ticket));
}

function grantInLine(model: ModelState, ticket: ModelTicket, request: AcquireRequest): AcquireAnswer {
  removeTickets(model, [ticket]);
  return grant(model, request);
}

function joinLine(
  model: ModelState,
  request: AcquireRequest,
  { ticketId, seconds }: Wait,
): Queued | TooManyWaiters {
  const refusal = makeRoom(model, request);
  if (refusal !== null) return refusal;
  model.lastArrival += 1;
  const arrival = model.lastArrival as Arrival;
  model.tickets.push({ ticketId, request, arrival, deadline: model.now + 1000 * seconds, silence: null });
  return { kind: 'queued' };
}

/**
 * Silent tickets make way, those that have been silent longest first: for the user's limit, and then for that of all users. If
 * that is not enough, they all stay.
 */
function makeRoom(model: ModelState, { wants, holder }: AcquireRequest): TooManyWaiters | null {
  const { maxWaiters, maxWaitersPerUser } = model.options;
  const limits = [
    {
      of: 'user',
      limit: maxWaitersPerUser,
      counts: (ticket: ModelTicket) => isOfUser(ticket, holder.userId),
    },
    { of: 'all_users', limit: maxWaiters, counts: () => true },
  ] as const;
  const silent = model.tickets.toSorted((a, b) => (a.silence ?? 0) - (b.silence ?? 0));
  let left = model.tickets;
  for (const { of, limit, counts } of limits) {
    while (left.filter(counts).flatMap(({ request }) => request.wants).length + wants.length > limit) {
      const oldest = silent.find((ticket) => !isAsking(ticket) && left.includes(ticket) && counts(ticket));
      if (oldest === undefined) return { kind: 'too_many_waiters', of, limit };
      left = left.filter((ticket) => ticket !== oldest);
    }
  }
  model.tickets = left;
  return null;
}

function wishIn({ wants, holder }: AcquireRequest): Wish {
  return { wants, sessionId: holder.sessionId };
}

function wishOf(lease: Lease): Wish {
  const wants = locksOf(lease).map(({ lockName, hold }) => ({ lockName, demand: demandOf(hold) }));
  return { wants, sessionId: lease.holder.sessionId };
}

export function sharesLock(a: Pick<Wish, 'wants'>, b: Pick<Wish, 'wants'>): boolean {
  return a.wants.some(({ lockName }) => b.wants.some((other) => other.lockName === lockName));
}

/** Whether both are about the same locks, in any order, with the same demands and in the same session. */
function isSameWish(a: Wish, b: Wish): boolean {
  return (
    a.sessionId === b.sessionId &&
    a.wants.length === b.wants.length &&
    a.wants.every(({ lockName, demand }) =>
      b.wants.some((other) => other.lockName === lockName && isSameDemand(other.demand, demand)),
    )
  );
}
