import type { Session } from '../model/session.js';
import type { LeaseEnd, Transition } from '../transition.js';
import { endLease, sendAway } from './hand-over.js';
import { rememberExpired } from './session-memory.js';

/** Ends a session that its client closes. Nothing of it is remembered. */
export function endClosedSession(transition: Transition, session: Session): void {
  endAllOf(transition, session, 'released');
  transition.removeSession(session);
}

/** Ends a session whose client fell silent, and remembers it for a while. */
export function expireSession(transition: Transition, session: Session): void {
  endAllOf(transition, session, 'expired');
  rememberExpired(transition, session);
}

/** Its tickets go first, and the session after its leases: nothing is granted to a session that is ending. */
function endAllOf(transition: Transition, { sessionId }: Session, how: LeaseEnd): void {
  const answer = { kind: how === 'expired' ? 'session_expired' : 'session_not_found' } as const;
  sendAway(transition, transition.state.ticketsOfSession(sessionId), answer);
  for (const lease of transition.state.leasesOfSession(sessionId)) endLease(transition, lease, how);
}
