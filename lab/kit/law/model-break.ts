import type { Break } from '../../../src/core/model/command.js';
import type { EventActor } from '../../../src/core/model/event.js';
import type { Lease } from '../../../src/core/model/lease.js';
import type { OutcomeOf } from '../../../src/core/model/outcome.js';
import { endCooling, endLease, namesOf } from './model-hand-over.js';
import { endOverdue } from './model-sessions.js';
import { instant, type ModelState } from './model-state.js';

const BROKEN_PER_STEP_MAX = 1000;

/** Someone with the right to do so ends leases of a lock, or the time for which it cools. What is overdue expires before. */
export function breakLock(model: ModelState, command: Break): OutcomeOf<Break> {
  const { lockName, which, fencingToken } = command;
  endOverdue(model, lockName);
  const meant = model
    .leasesOf(lockName)
    .filter((lease) =>
      which === 'only' ? lease.fencingToken === fencingToken : lease.fencingToken <= fencingToken,
    );
  const leases = meant.slice(0, BROKEN_PER_STEP_MAX);
  for (const lease of leases) breakLease(model, lease, command);
  if (leases.length > 0)
    return { kind: 'broken', leases, endedCooling: false, more: meant.length > leases.length };
  if (which === 'only' || model.coolingOf(lockName) === undefined) return { kind: 'lock_not_found' };
  endCooling(model, lockName);
  return { kind: 'broken', leases: [], endedCooling: true, more: false };
}

function breakLease(model: ModelState, lease: Lease, { brokenBy, reason }: Break): void {
  const { leaseId, fencingToken } = lease;
  const { userId } = lease.holder;
  const brokenAt = instant(model.now);
  const lockNames = namesOf(lease);
  model.brokenLeases.push({ leaseId, userId, fencingToken, lockNames, brokenBy, reason, brokenAt });
  const actor: EventActor =
    brokenBy === null ? { kind: 'administrator' } : { kind: 'user', userId: brokenBy };
  endLease(model, lease, 'broken', { actor, text: reason });
}
