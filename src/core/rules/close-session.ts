import type { CloseSession } from '../model/command.js';
import type { OutcomeOf } from '../model/outcome.js';
import type { Transition } from '../transition.js';
import { endClosedSession } from './end-session.js';
import { ownSession } from './ownership.js';

export function closeSession(
  transition: Transition,
  { sessionId, userId }: CloseSession,
): OutcomeOf<CloseSession> {
  const found = ownSession(transition, sessionId, userId);
  if (found.kind !== 'alive') return found;
  endClosedSession(transition, found.session);
  return { kind: 'session_closed' };
}
