import type { AcquireRequest } from '../../../src/core/model/command.js';
import type { FencingToken } from '../../../src/core/model/ids.js';
import { locksOf, USUAL_TERMS, type Lease } from '../../../src/core/model/lease.js';
import type { HeldLock } from '../../../src/core/model/demand.js';
import type { LockName } from '../../../src/core/model/lock-name.js';
import type { AcquireAnswer } from '../../../src/core/model/outcome.js';
import { holdBeside } from './go-together.js';
import { isAvailable } from './model-conflict.js';
import { beginCooling } from './model-cooling.js';
import { instant, type Cause, type LeaseEnd, type ModelState, type ModelTicket } from './model-state.js';

const SERVED_PER_STEP_MAX = 1000;
const KEPT_PLACE_MS = 15_000;

/** Grants a lock, or several, that the request can have. The limits count locks, those that cool among them. */
export function grant(model: ModelState, request: AcquireRequest): AcquireAnswer {
  const { maxLocks, maxLocksPerUser: limit } = model.options;
  const own = model.leases.filter(
    (lease) => lease.holder.userId === request.holder.userId && model.isLive(lease, model.now),
  );
  const ownCoolings = model.coolings.filter(
    ({ userId, until }) => userId === request.holder.userId && model.now <= until,
  );
  const count = request.wants.length;
  if (own.flatMap(locksOf).length + ownCoolings.length + count > limit)
    return { kind: 'lock_limit_exceeded', limit };
  if (model.leases.flatMap(locksOf).length + model.coolings.length + count > maxLocks)
    return { kind: 'too_many_locks', limit: maxLocks };
  if (model.isOutOfTokens || model.numbersLeft < 2 * count) return { kind: 'numbers_exhausted' };
  model.lastToken += 1;
  const lease = leaseFor(model, request);
  model.leases.push(lease);
  model.report('acquired', lease);
  return { kind: 'acquired', lease };
}

function leaseFor(model: ModelState, request: AcquireRequest): Lease {
  const { wants, leaseIdChosen: _, cooling, ...rest } = request;
  const { lockDelaySeconds, minHoldSeconds } = cooling;
  const held = wants.map(({ lockName, demand }): HeldLock => ({
    lockName,
    hold: holdBeside(model.holdsOf(lockName), demand),
  }));
  const [first, ...others] = held;
  return {
    ...rest,
    lockName: wants[0].lockName,
    fencingToken: model.lastToken as FencingToken,
    deadline: instant(model.now + 1000 * request.ttlSeconds),
    terms: {
      hold: first?.hold ?? USUAL_TERMS.hold,
      others,
      lockDelaySeconds,
      keptUntil: minHoldSeconds === 0 ? null : instant(model.now + 1000 * minHoldSeconds),
    },
  };
}

/** Ends a lease as a whole. Its locks may cool. */
export function endLease(model: ModelState, lease: Lease, how: LeaseEnd, cause?: Cause): void {
  removeLease(model, lease, how, cause);
  beginCooling(model, lease, how);
  handOver(model, namesOf(lease));
}

/** Ends a lease, without handing over its locks yet. No lock remembers that its holders were asked to release it, once they are gone. */
export function removeLease(model: ModelState, lease: Lease, how: LeaseEnd, cause?: Cause): void {
  model.leases = model.leases.filter((other) => other.fencingToken !== lease.fencingToken);
  model.report(how, lease, cause);
  for (const lockName of namesOf(lease))
    if (model.leasesOf(lockName).length === 0) model.releaseRequests.delete(lockName);
}

/** Ends the cooling of a lock, if it cools: the next in line may have it. */
export function endCooling(model: ModelState, lockName: LockName): void {
  model.coolings = model.coolings.filter((cooling) => cooling.lockName !== lockName);
  handOver(model, [lockName]);
}

export function namesOf(lease: Lease): LockName[] {
  return locksOf(lease).map(({ lockName }) => lockName);
}

export function linesOf({ request }: ModelTicket): LockName[] {
  return request.wants.map(({ lockName }) => lockName);
}

/** Removes tickets. They may have stood before others that can have their locks. */
export function removeTickets(model: ModelState, gone: readonly ModelTicket[]): void {
  model.tickets = model.tickets.filter((ticket) => !gone.includes(ticket));
}

/** From now on no one asks for the ticket. Its place is kept for a while. Returns the ticket as it is now. */
export function silence(model: ModelState, ticket: ModelTicket): ModelTicket {
  model.lastSilence += 1;
  const silent = { ...ticket, silence: model.lastSilence, deadline: model.now + KEPT_PLACE_MS };
  model.tickets = model.tickets.map((other) => (other === ticket ? silent : other));
  return silent;
}

/**
 * Serves the tickets of these locks, and of the locks that those served were in line for, as long as one can have all its locks and
 * no one who is asking is before it. A ticket of several locks is thus granted as a whole or not at all.
 */
export function handOver(model: ModelState, lockNames: readonly LockName[]): void {
  const concerned = [...lockNames];
  while (model.served < SERVED_PER_STEP_MAX) {
    const next = model.first(nextTickets(model, concerned));
    if (next === undefined) return;
    serve(model, next);
    concerned.push(...linesOf(next));
  }
  const left = concerned.filter((lockName) => nextTickets(model, [lockName]).length > 0);
  model.unfinished = [...new Set([...model.unfinished, ...left])];
}

/** Continues what earlier steps have not finished. */
export function continueHandOver(model: ModelState): void {
  const { unfinished } = model;
  model.unfinished = [];
  handOver(model, unfinished);
}

/** The tickets that can be served now, of those that are the first to ask for one of these locks. */
export function nextTickets(model: ModelState, lockNames: readonly LockName[]): ModelTicket[] {
  const first = lockNames.flatMap((lockName) => model.askingFor(lockName).slice(0, 1));
  return [...new Set(first)].filter((ticket) => isNext(model, ticket));
}

export function isNext(model: ModelState, { request, arrival }: ModelTicket): boolean {
  return request.wants.every((want) => isAvailable(model, want, arrival));
}

function serve(model: ModelState, ticket: ModelTicket): void {
  model.served += 1;
  removeTickets(model, [ticket]);
  const { sessionId } = ticket.request.holder;
  const isOver = sessionId !== null && !model.isSessionLive(sessionId);
  model.answer(ticket, isOver ? { kind: 'session_expired' } : grant(model, ticket.request));
}
