import type { RequestRelease } from '../model/command.js';
import type { OutcomeOf } from '../model/outcome.js';
import type { Transition } from '../transition.js';
import { currentLock } from './expiry.js';

/** Lets those who hold the lock know that someone would like to have it. They decide. */
export function requestRelease(transition: Transition, command: RequestRelease): OutcomeOf<RequestRelease> {
  const first = currentLock(transition, command.lockName)?.holders.first ?? null;
  if (first === null) return { kind: 'lock_not_found' };
  if (!transition.state.hasNumbersForRenewal(1)) return { kind: 'numbers_exhausted' };
  transition.requestRelease(first.lease, command);
  return { kind: 'release_requested' };
}
