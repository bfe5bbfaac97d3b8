import { locksOf, type Lease } from '../../../src/core/model/lease.js';
import { endOfLease } from './model-conflict.js';
import { instant, type LeaseEnd, type ModelState } from './model-state.js';

/** A lease has ended. Each lock that it held exclusively is kept from everyone for as long as its terms say. */
export function beginCooling(model: ModelState, lease: Lease, how: LeaseEnd): void {
  const until = Math.max(endOfDelay(model, lease, how), endOfMinHold(lease, how));
  if (until <= model.now) return;
  const { userId } = lease.holder;
  for (const { lockName, hold } of locksOf(lease)) {
    if (hold.mode !== 'exclusive') continue;
    model.coolings.push({ lockName, userId, fencingToken: lease.fencingToken, until: instant(until) });
  }
}

/** Nothing if the lock was given back, however late. */
function endOfDelay(model: ModelState, lease: Lease, how: LeaseEnd): number {
  const delayMs = 1000 * lease.terms.lockDelaySeconds;
  if (how === 'released') return -Infinity;
  return delayMs + (how === 'broken' ? model.now : endOfLease(model, lease));
}

function endOfMinHold({ terms: { keptUntil } }: Lease, how: LeaseEnd): number {
  return how === 'broken' || keptUntil === null ? -Infinity : keptUntil;
}
