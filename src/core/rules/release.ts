import type { Release } from '../model/command.js';
import type { OutcomeOf } from '../model/outcome.js';
import type { Transition } from '../transition.js';
import { endLease } from './hand-over.js';
import { ownLease } from './ownership.js';

export function release(transition: Transition, command: Release): OutcomeOf<Release> {
  const found = ownLease(transition, command);
  if (found.kind !== 'found') return found;
  endLease(transition, found.lease, 'released');
  return { kind: 'released' };
}
