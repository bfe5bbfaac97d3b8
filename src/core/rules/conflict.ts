import type { AcquireRequest } from '../model/command.js';
import type { Demand } from '../model/demand.js';
import { holdOn, type Lease } from '../model/lease.js';
import type { Conflict, Keeper, LinePosition, Obstacle } from '../model/outcome.js';
import type { Instant } from '../model/time.js';
import type { Lock, Place, Ticket } from '../state/records.js';
import type { Transition } from '../transition.js';
import { fits, isAnyoneBefore } from './fit.js';

/** The answer to a request that cannot be granted. It is about the first lock that the request cannot have. */
export function conflictOfRequest(transition: Transition, { wants }: AcquireRequest): Conflict {
  for (const { lockName, demand } of wants) {
    const lock = transition.state.lock(lockName);
    if (lock !== null && (!fits(lock, demand) || lock.line?.firstAsking)) {
      return conflictOver(transition, lock, demand, null);
    }
  }
  throw new Error('the request is refused, but all of its locks are available');
}

/** The answer to a ticket that is not granted. It says where in line the ticket is, or would be if it asked again. */
export function conflictOfTicket(transition: Transition, ticket: Ticket): Conflict {
  const { places } = ticket;
  const place = places.find((one) => !fits(one.lock, one.demand) || isAnyoneBefore(one)) ?? places[0];
  if (place === undefined) throw new Error('the ticket has no place in any line');
  return conflictOver(transition, place.lock, place.demand, positionOf(place));
}

/** The answer to a holder that wants a lock for itself while others hold it too. It is about the first of the others. */
export function conflictWithOthers(transition: Transition, lock: Lock, own: Lease): Conflict {
  const other = lock.holders.find(({ lease }) => lease.fencingToken !== own.fencingToken);
  if (other === null) throw new Error(`no one else holds the lock "${lock.name}"`);
  const by = { kind: 'held', lease: other.lease } as const;
  return conflictBy(transition, lock, by, { obstacle: by, place: null });
}

function conflictOver(
  transition: Transition,
  lock: Lock,
  demand: Demand,
  place: LinePosition | null,
): Conflict {
  const by = keeperOf(transition, lock, demand);
  return conflictBy(transition, lock, by, { obstacle: obstacleOf(lock, demand, by), place });
}

function conflictBy(
  transition: Transition,
  lock: Lock,
  by: Keeper,
  told: Pick<Conflict, 'obstacle' | 'place'>,
): Conflict {
  const retryAfterMs = Math.max(0, endOf(transition, by) - transition.now);
  return { kind: 'conflict', lockName: lock.name, retryAfterMs, ...told };
}

/** What keeps the lock: the lease that was granted first, its cooling, or those in line if the request fits beside all leases. */
function keeperOf(transition: Transition, lock: Lock, demand: Demand): Keeper {
  const first = lock.holders.first;
  if (first !== null && !fits(lock, demand)) return { kind: 'held', lease: first.lease };
  if (lock.cooling !== null) return { kind: 'delayed', until: lock.cooling.deadline };
  return { kind: 'queued', until: lock.line?.firstAsking?.ticket.deadline ?? transition.now };
}

function obstacleOf(lock: Lock, demand: Demand, by: Keeper): Obstacle {
  const limit = limitOf(lock);
  if (demand.mode !== 'counted' || limit === null || limit === demand.limit) return by;
  return { kind: 'limit_mismatch', limit, by };
}

/** The limit with which the lock is held. If no one holds it, the limit that the first in line asks for. */
function limitOf({ name, holders, line }: Lock): number | null {
  const hold = holders.first === null ? line?.firstAsking?.demand : holdOn(holders.first.lease, name);
  return hold?.mode === 'counted' ? hold.limit : null;
}

function positionOf({ lock, ticket }: Place): LinePosition {
  const { line } = lock;
  return { position: 1 + (line?.askingBefore(ticket.arrival) ?? 0), waiters: line?.askingCount ?? 0 };
}

/** The instant at which the obstacle is gone if no one does anything. */
function endOf(transition: Transition, by: Keeper): Instant {
  return by.kind === 'held' ? transition.state.endOfLease(by.lease) : by.until;
}
