import type { Acquire } from '../model/command.js';
import type { OutcomeOf } from '../model/outcome.js';
import type { Transition } from '../transition.js';
import { conflictOver } from './conflict.js';
import { currentLock } from './expiry.js';
import { isAvailable } from './fit.js';
import { grant } from './grant.js';
import { joinQueue } from './join-queue.js';
import { leaseAlreadyHeld, ownSession } from './ownership.js';

export function acquire(transition: Transition, { request, wait }: Acquire): OutcomeOf<Acquire> {
  const { lockName, holder } = request;
  if (holder.sessionId !== null) {
    const session = ownSession(transition, holder.sessionId, holder.userId);
    if (session.kind !== 'alive') return session;
  }
  const lock = currentLock(transition, lockName);
  if (lock === null || isAvailable(lock)) return grant(transition, request);
  const lease = leaseAlreadyHeld(lock, request);
  if (lease !== null) return { kind: 'already_held', lease };
  return wait === null ? conflictOver(transition, lock) : joinQueue(transition, lock, request, wait);
}
