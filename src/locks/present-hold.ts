import type { Hold } from '../core/model/demand.js';
import { locksOf, type Lease } from '../core/model/lease.js';
import type { LeaseLock, LockHold } from './dto/hold.dto.js';

/** How a lease holds a lock, as clients see it. */
export function presentHold(hold: Hold): LockHold {
  if (hold.mode !== 'counted') return { mode: hold.mode };
  return { mode: hold.mode, limit: hold.limit, permits: hold.slots.length, slots: hold.slots };
}

/** All locks of a lease, in the order in which they were asked for. */
export function presentLocks(lease: Lease): LeaseLock[] {
  return locksOf(lease).map(({ lockName, hold }) => Object.assign({ name: lockName }, presentHold(hold)));
}
