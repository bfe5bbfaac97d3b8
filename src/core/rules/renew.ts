import type { Renew } from '../model/command.js';
import { lockCountOf } from '../model/lease.js';
import type { OutcomeOf } from '../model/outcome.js';
import type { Transition } from '../transition.js';
import { ownLease } from './ownership.js';

export function renew(transition: Transition, command: Renew): OutcomeOf<Renew> {
  const found = ownLease(transition, command);
  if (found.kind !== 'found') return found;
  const { lease } = found;
  if (!transition.state.hasNumbersForRenewal(lockCountOf(lease))) return { kind: 'numbers_exhausted' };
  const releaseRequest = transition.state.releaseRequestFor(lease);
  return { kind: 'renewed', lease: transition.renew(lease, command.ttlSeconds), releaseRequest };
}
