import type { RequestRelease } from '../model/command.js';
import type { OutcomeOf } from '../model/outcome.js';
import type { Transition } from '../transition.js';
import { currentLock } from './expiry.js';

/** Lets the holders of the lock know that someone wants it. They decide what to do. */
export function requestRelease(transition: Transition, command: RequestRelease): OutcomeOf<RequestRelease> {
  const first = currentLock(transition, command.lockName)?.holders.first ?? null;
  if (first === null) return { kind: 'lock_not_found' };
  if (!transition.state.hasNumbersForRenewal(1)) return { kind: 'numbers_exhausted' };
  transition.requestRelease(first.lease, command);
  return { kind: 'release_requested' };
}
