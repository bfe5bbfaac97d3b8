import type { Release } from '../model/command.js';
import type { OutcomeOf } from '../model/outcome.js';
import type { Transition } from '../transition.js';
import { endLease } from './hand-over.js';
import { ownLease } from './ownership.js';

export function release(transition: Transition, command: Release): OutcomeOf<Release> {
  const lease = ownLease(transition, command);
  if (lease === null) return { kind: 'lock_not_found' };
  endLease(transition, lease, 'released');
  return { kind: 'released' };
}
