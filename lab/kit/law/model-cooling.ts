import { locksOf, type Lease } from '../../../src/core/model/lease.js';
import type { LockName } from '../../../src/core/model/lock-name.js';
import type { Instant } from '../../../src/core/model/time.js';
import { endOfLease } from './model-conflict.js';
import { instant, type LeaseEnd, type ModelState } from './model-state.js';

/** A lease has ended. Each lock that it held exclusively is kept from everyone for as long as its terms say. */
export function beginCooling(model: ModelState, lease: Lease, how: LeaseEnd): void {
  const until = endOfCooling(model, lease, how);
  if (until <= model.now) return;
  const { userId } = lease.holder;
  for (const { lockName, hold } of locksOf(lease)) {
    if (hold.mode !== 'exclusive') continue;
    model.coolings.push({ lockName, userId, fencingToken: lease.fencingToken, until: instant(until) });
  }
}

/** Until when a reader sees that the lock cools. For a reader an overdue lease has ended, whether or not a step has noticed that. */
export function coolingSeen(model: ModelState, lockName: LockName, now: Instant): Instant | null {
  const overdue = model
    .leasesOf(lockName)
    .filter((lease) => !model.isLive(lease, now) && isExclusive(lease, lockName))
    .map((lease) => endOfCooling(model, lease, 'expired'));
  const until = Math.max(model.coolingOf(lockName)?.until ?? -Infinity, ...overdue);
  return until < now ? null : instant(until);
}

function isExclusive(lease: Lease, lockName: LockName): boolean {
  return locksOf(lease).some((held) => held.lockName === lockName && held.hold.mode === 'exclusive');
}

function endOfCooling(model: ModelState, lease: Lease, how: LeaseEnd): number {
  return Math.max(endOfDelay(model, lease, how), endOfMinHold(lease, how));
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
