import type { AcquireRequest } from '../model/command.js';
import type { AcquireAnswer } from '../model/outcome.js';
import type { Transition } from '../transition.js';
import { refusalOfGrant } from './quota.js';

/** Grants the request, unless that would exceed a limit. */
export function grant(transition: Transition, request: AcquireRequest): AcquireAnswer {
  const refusal = refusalOfGrant(transition, request.holder.userId, request.wants.length);
  return refusal ?? { kind: 'acquired', lease: transition.grant(request) };
}
