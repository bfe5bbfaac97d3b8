import type { AcquireRequest, Wait } from '../model/command.js';
import type { Queued, TooManyWaiters } from '../model/outcome.js';
import type { Transition } from '../transition.js';
import { makeRoomInLine } from './line-limits.js';

/** Puts a request that is not available at the end of the line. */
export function joinLine(
  transition: Transition,
  request: AcquireRequest,
  wait: Wait,
): Queued | TooManyWaiters {
  const refusal = makeRoomInLine(transition, request);
  if (refusal !== null) return refusal;
  transition.enqueue(request, wait);
  return { kind: 'queued' };
}
