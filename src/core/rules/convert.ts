import type { Convert } from '../model/command.js';
import { holdOn, lockCountOf, type Lease } from '../model/lease.js';
import type { OutcomeOf } from '../model/outcome.js';
import type { Transition } from '../transition.js';
import { conflictWithOthers } from './conflict.js';
import { shareLock } from './hand-over.js';
import { ownLease } from './ownership.js';

/** Changes how a lease holds one of its locks, without letting go of it. */
export function convert(transition: Transition, command: Convert): OutcomeOf<Convert> {
  const found = ownLease(transition, command);
  if (found.kind !== 'found') return found;
  const { lease } = found;
  const { mode } = holdOn(lease, command.lockName);
  if (mode === 'counted') return { kind: 'not_convertible' };
  if (mode === command.mode) return { kind: 'converted', lease };
  return command.mode === 'shared' ? share(transition, lease, command) : claim(transition, lease, command);
}

function share(transition: Transition, lease: Lease, { lockName }: Convert): OutcomeOf<Convert> {
  if (!transition.state.hasNumbersForRenewal(lockCountOf(lease))) return { kind: 'numbers_exhausted' };
  return { kind: 'converted', lease: shareLock(transition, lease, lockName) };
}

/**
 * A holder among others does not wait for them. If two did, each would wait for the other. A sole holder goes before those in line,
 * who cannot have the lock before it is released.
 */
function claim(transition: Transition, lease: Lease, { lockName }: Convert): OutcomeOf<Convert> {
  const { state } = transition;
  const lock = state.lock(lockName);
  if (lock !== null && lock.holders.length > 1) return conflictWithOthers(transition, lock, lease);
  if (!state.hasNumbersForGrant(lockCountOf(lease))) return { kind: 'numbers_exhausted' };
  return { kind: 'converted', lease: transition.claim(lease, lockName) };
}
