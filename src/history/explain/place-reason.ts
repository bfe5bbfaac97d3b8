import { holdOn } from '../../core/model/lease.js';
import type { Demand } from '../../core/model/demand.js';
import type { LockName } from '../../core/model/lock-name.js';
import type { LockHolders, QueuedPlace } from '../../core/state/state-view.js';

/** Why a request in line does not have the lock yet. */
export type PlaceReason =
  /** Its client is not asking at the moment. The place is kept for a while, and passed over. */
  | { readonly kind: 'kept' }
  /** No one holds the lock, but it is kept from everyone for a while. */
  | { readonly kind: 'delayed' }
  /** The holders have to release it first. */
  | { readonly kind: 'held' }
  /** It would go with the holders, but a request before it does not, and waits as well. */
  | { readonly kind: 'behind'; readonly first: QueuedPlace }
  /** It could have this lock, but waits for another one that it asks for in the same request. */
  | { readonly kind: 'other_lock' };

/** What the reasons of a line depend on. */
export interface Line {
  readonly lockName: LockName;
  readonly holders: LockHolders;
  /** Whether the lock is kept from everyone. */
  readonly isDelayed: boolean;
  /** The places, in order. */
  readonly places: readonly QueuedPlace[];
}

/** @param place one of the places of the line. */
export function reasonOf(place: QueuedPlace, line: Line): PlaceReason {
  if (!place.isAsking) return { kind: 'kept' };
  if (line.isDelayed) return { kind: 'delayed' };
  if (!fitsHolders(place.demand, line)) return { kind: 'held' };
  const first = line.places.find(({ isAsking }) => isAsking);
  return first === undefined || first === place ? { kind: 'other_lock' } : { kind: 'behind', first };
}

/** The same as the core decides when it grants, for what others may see of the lock. */
function fitsHolders(demand: Demand, { holders: { holders, permitsInUse }, lockName }: Line): boolean {
  const [first] = holders;
  if (first === undefined) return true;
  const hold = holdOn(first.lease, lockName);
  switch (demand.mode) {
    case 'exclusive':
      return false;
    case 'shared':
      return hold.mode === 'shared';
    case 'counted':
      return (
        hold.mode === 'counted' &&
        hold.limit === demand.limit &&
        permitsInUse + demand.permits <= demand.limit
      );
    default:
      return unreachable(demand);
  }
}

function unreachable(demand: never): never {
  throw new Error(`unexpected demand: ${JSON.stringify(demand)}`);
}
