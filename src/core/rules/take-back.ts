import type { KeptPlace, TakeBack } from '../model/command.js';
import type { OutcomeOf } from '../model/outcome.js';
import type { Transition } from '../transition.js';
import { endLease } from './hand-over.js';

/** Ends a lease that its client never learned of. The client gets its place in line back, so that asking again loses nothing. */
export function takeBack(
  transition: Transition,
  { userId, leaseId, fencingToken, place }: TakeBack,
): OutcomeOf<TakeBack> {
  const leases = transition.state.keptLeasesWithId(userId, leaseId);
  const lease = leases.find((held) => held.fencingToken === fencingToken);
  if (lease === undefined) return { kind: 'lock_not_found' };
  if (place !== null && mayReturn(transition, place)) transition.restorePlace(place);
  endLease(transition, lease, 'taken_back');
  return { kind: 'released' };
}

/** Whether the session of the place is alive. The client cannot be in line again: with the same lease id, it would have got the lease. */
function mayReturn({ state, now }: Transition, { request }: KeptPlace): boolean {
  const { sessionId } = request.holder;
  return sessionId === null || state.isSessionAlive(sessionId, now);
}
