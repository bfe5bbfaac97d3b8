import type { KeptPlace, TakeBack } from '../model/command.js';
import type { OutcomeOf } from '../model/outcome.js';
import type { Transition } from '../transition.js';
import { endLease } from './hand-over.js';
import { isAnyIn } from './repeat.js';

/** Ends a lease that its client never learned of. The client gets its place in line back, so that asking again loses nothing. */
export function takeBack(
  transition: Transition,
  { userId, leaseId, fencingToken, place }: TakeBack,
): OutcomeOf<TakeBack> {
  const leases = transition.state.keptLeasesWithId(userId, leaseId);
  const lease = leases.find((held) => held.fencingToken === fencingToken);
  if (lease === undefined) return { kind: 'lock_not_found' };
  if (place !== null && mayReturn(transition, place)) transition.restorePlace(place);
  endLease(transition, lease, 'released');
  return { kind: 'released' };
}

/** Not if its session has ended, or the client is already back in line. */
function mayReturn({ state, now }: Transition, { request }: KeptPlace): boolean {
  const { sessionId, userId } = request.holder;
  if (sessionId !== null && !state.isSessionAlive(sessionId, now)) return false;
  return !state
    .ticketsWithChosenLease(userId, request.leaseId)
    .some((ticket) => isAnyIn(request.wants, ticket.request.wants));
}
