import type { KeepSessionAlive } from '../model/command.js';
import type { OutcomeOf } from '../model/outcome.js';
import type { Session } from '../model/session.js';
import { afterSeconds } from '../model/time.js';
import type { Transition } from '../transition.js';
import { ownSession } from './ownership.js';

export function keepSessionAlive(
  transition: Transition,
  { sessionId, userId }: KeepSessionAlive,
): OutcomeOf<KeepSessionAlive> {
  const found = ownSession(transition, sessionId, userId);
  if (found.kind !== 'alive') return found;
  const deadline = afterSeconds(transition.now, found.session.ttlSeconds);
  const session: Session = { ...found.session, deadline };
  transition.saveSession(session);
  return { kind: 'session_kept_alive', session };
}
