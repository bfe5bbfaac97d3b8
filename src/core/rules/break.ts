import type { Break } from '../model/command.js';
import type { Lease } from '../model/lease.js';
import { BREAKS_PER_STEP_MAX } from '../model/limits.js';
import type { Broken, OutcomeOf } from '../model/outcome.js';
import type { HolderEntry } from '../state/lease-record.js';
import type { Lock } from '../state/records.js';
import type { Transition } from '../transition.js';
import { currentLock } from './expiry.js';
import { breakLease, endCooling } from './hand-over.js';

/** Ends leases against the will of their holders. If no one holds the lock, its cooling ends. */
export function breakLock(transition: Transition, command: Break): OutcomeOf<Break> {
  const lock = currentLock(transition, command.lockName);
  if (lock === null) return { kind: 'lock_not_found' };
  const leases = leasesToBreak(lock, command);
  if (leases.length > 0) return breakLeases(transition, leases, command);
  if (command.which === 'only' || lock.cooling === null) return { kind: 'lock_not_found' };
  endCooling(transition, lock.cooling.cooling);
  return { kind: 'broken', leases: [], endedCooling: true, more: false };
}

/** The leases to break, lowest token first. If there are more than a step can break, one extra shows that. */
function leasesToBreak({ holders }: Lock, { which, fencingToken }: Break): Lease[] {
  if (which === 'only') {
    const entry = holders.find(({ lease }) => lease.fencingToken === fencingToken);
    return entry === null ? [] : [entry.lease];
  }
  const leases: Lease[] = [];
  let entry: HolderEntry | null = holders.first;
  while (entry !== null && entry.lease.fencingToken <= fencingToken && leases.length <= BREAKS_PER_STEP_MAX) {
    leases.push(entry.lease);
    entry = entry.next;
  }
  return leases;
}

function breakLeases(transition: Transition, leases: readonly Lease[], by: Break): Broken {
  const now = leases.slice(0, BREAKS_PER_STEP_MAX);
  for (const lease of now) breakLease(transition, lease, by);
  return { kind: 'broken', leases: now, endedCooling: false, more: leases.length > now.length };
}
