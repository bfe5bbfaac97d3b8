import type { Renew } from '../model/command.js';
import type { OutcomeOf } from '../model/outcome.js';
import type { Transition } from '../transition.js';
import { ownLease } from './ownership.js';

export function renew(transition: Transition, command: Renew): OutcomeOf<Renew> {
  const lease = ownLease(transition, command);
  if (lease === null) return { kind: 'lock_not_found' };
  if (!transition.state.hasNumberForRenewal) return { kind: 'numbers_exhausted' };
  return { kind: 'renewed', lease: transition.renew(lease, command.ttlSeconds) };
}
