import type { AcquireRequest } from '../model/command.js';
import type { Demand } from '../model/demand.js';
import { holdOn } from '../model/lease.js';
import type { Lock, Place, Ticket } from '../state/records.js';
import type { Transition } from '../transition.js';

/**
 * Whether another lease may hold the lock along with its current ones: exclusive goes with nothing, shared with shared, and counted
 * with the same limit as long as there are enough permits. No lease fits while the lock cools. An overdue lease, or a cooling that is
 * over, counts until it has been ended.
 */
export function fits(lock: Lock, demand: Demand): boolean {
  if (lock.cooling !== null) return false;
  const first = lock.holders.first;
  if (first === null) return true;
  switch (demand.mode) {
    case 'exclusive':
      return false;
    case 'shared':
      return holdOn(first.lease, lock.name).mode === 'shared';
    case 'counted':
      return lock.slots !== null && lock.slots.limit === demand.limit && lock.slots.free >= demand.permits;
    default:
      return unreachable(demand);
  }
}

/** Whether a new request can be granted now: everything fits, and no one who is asking has come before it. */
export function isAvailable({ state }: Transition, { wants }: AcquireRequest): boolean {
  return wants.every(({ lockName, demand }) => {
    const lock = state.lock(lockName);
    return lock === null || (!isAnyoneAsking(lock) && fits(lock, demand));
  });
}

/** Whether a ticket can be granted now, if a client asks for it: it fits, and no one who is asking has come before it. */
export function isNext({ places }: Ticket): boolean {
  return places.every((place) => !isAnyoneBefore(place) && fits(place.lock, place.demand));
}

function isAnyoneAsking({ line }: Lock): boolean {
  return line !== null && line.askingCount > 0;
}

/** Whether someone who is asking has come before this place. */
export function isAnyoneBefore({ lock, ticket }: Place): boolean {
  const first = lock.line?.firstAsking ?? null;
  return first !== null && first.ticket.arrival < ticket.arrival;
}

function unreachable(demand: never): never {
  throw new Error(`unexpected demand: ${JSON.stringify(demand)}`);
}
