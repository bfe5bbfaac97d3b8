import type { AcquireRequest } from '../model/command.js';
import type { AcquireAnswer } from '../model/outcome.js';
import type { Transition } from '../transition.js';
import { refusalOfGrant } from './quota.js';

/** Grants a request whose turn it is, unless a limit forbids that. */
export function grant(transition: Transition, request: AcquireRequest): AcquireAnswer {
  const refusal = refusalOfGrant(transition, request.holder.userId);
  return refusal ?? { kind: 'acquired', lease: transition.grant(request) };
}
