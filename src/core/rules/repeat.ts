import type { AcquireRequest } from '../model/command.js';
import { demandOf, isSameDemand, type Want } from '../model/demand.js';
import type { LeaseId, UserId } from '../model/ids.js';
import { locksOf, type Holder, type Lease } from '../model/lease.js';
import type { AlreadyHeld, LeaseMismatch } from '../model/outcome.js';
import type { Ticket } from '../state/records.js';
import type { StateReads } from '../state/state-reads.js';
import type { Transition } from '../transition.js';

/** The user is waiting with the same lease id for the same locks. */
interface AsksAgain {
  readonly kind: 'asks_again';
  readonly ticket: Ticket;
}

/**
 * Whether the request repeats an earlier one. If the client chose the lease id, only that lease counts, and everything must be the
 * same. Otherwise the holder gets the lease that it already has for the same locks. Null if the request is new.
 */
export function repeatOf(
  transition: Transition,
  request: AcquireRequest,
): AlreadyHeld | AsksAgain | LeaseMismatch | null {
  return request.leaseIdChosen ? repeatById(transition, request) : repeatByHolder(transition, request);
}

function repeatById({ state }: Transition, request: AcquireRequest): ReturnType<typeof repeatOf> {
  const { holder, leaseId, wants } = request;
  const lease = leaseOfAny(state, wants, holder.userId, leaseId);
  if (lease !== null) {
    return isSame(request, lease.holder, wantsOf(lease)) ? { kind: 'already_held', lease } : MISMATCH;
  }
  const ticket = state
    .ticketsWithChosenLease(holder.userId, leaseId)
    .find((waiting) => isAnyIn(wants, waiting.request.wants));
  if (ticket === undefined) return null;
  const isRepeat = isSame(request, ticket.request.holder, ticket.request.wants);
  return isRepeat ? { kind: 'asks_again', ticket } : MISMATCH;
}

/** The user's lease with this id that holds one of the locks. For other locks, the same id is the id of another lease. */
function leaseOfAny(
  state: StateReads,
  wants: readonly Want[],
  userId: UserId,
  leaseId: LeaseId,
): Lease | null {
  for (const { lockName } of wants) {
    const lock = state.lock(lockName);
    const lease = lock && state.leaseWithId(lock, userId, leaseId);
    if (lease !== null) return lease;
  }
  return null;
}

const MISMATCH: LeaseMismatch = { kind: 'lease_mismatch' };

function repeatByHolder({ state }: Transition, request: AcquireRequest): AlreadyHeld | null {
  const lock = state.lock(request.wants[0].lockName);
  if (lock === null) return null;
  for (const lease of state.leasesOfHolder(lock, request.holder)) {
    if (isSame(request, lease.holder, wantsOf(lease))) return { kind: 'already_held', lease };
  }
  return null;
}

function isSame(request: AcquireRequest, holder: Holder, wants: readonly Want[]): boolean {
  return (
    request.holder.sessionId === holder.sessionId &&
    request.wants.length === wants.length &&
    request.wants.every((want) => wants.some((other) => isSameWant(want, other)))
  );
}

function isSameWant(a: Want, b: Want): boolean {
  return a.lockName === b.lockName && isSameDemand(a.demand, b.demand);
}

/** Whether any of the locks is also one of the others. */
function isAnyIn(wants: readonly Want[], others: readonly Want[]): boolean {
  return wants.some(({ lockName }) => others.some((other) => other.lockName === lockName));
}

function wantsOf(lease: Lease): Want[] {
  return locksOf(lease).map(({ lockName, hold }) => ({ lockName, demand: demandOf(hold) }));
}
