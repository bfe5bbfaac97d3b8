import type { Session } from '../model/session.js';
import type { Transition } from '../transition.js';
import { endLease, refuseTickets } from './hand-over.js';
import { rememberExpired } from './session-memory.js';

/** Ends a session that its client closes. It is not remembered. */
export function endClosedSession(transition: Transition, session: Session): void {
  endTicketsAndLeases(transition, session, 'released');
  transition.removeSession(session);
}

/** Ends a session that has received no keepalive in time, and remembers it for a while. */
export function expireSession(transition: Transition, session: Session): void {
  endTicketsAndLeases(transition, session, 'expired');
  rememberExpired(transition, session);
}

/**
 * The order matters: nothing may be granted to a session that is ending. So its tickets end before its leases, and both
 * before the session itself.
 */
function endTicketsAndLeases(
  transition: Transition,
  { sessionId }: Session,
  how: 'released' | 'expired',
): void {
  const answer = { kind: how === 'expired' ? 'session_expired' : 'session_not_found' } as const;
  refuseTickets(transition, transition.state.ticketsOfSession(sessionId), answer);
  for (const lease of transition.state.leasesOfSession(sessionId)) endLease(transition, lease, how);
}
