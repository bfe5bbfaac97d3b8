import type { OpenSession } from '../model/command.js';
import type { OutcomeOf } from '../model/outcome.js';
import type { Session } from '../model/session.js';
import { afterSeconds } from '../model/time.js';
import type { Transition } from '../transition.js';
import { refusalOfSession } from './quota.js';

export function openSession(transition: Transition, command: OpenSession): OutcomeOf<OpenSession> {
  const { sessionId, userId, ttlSeconds, madeWith } = command;
  const refusal = refusalOfSession(transition, userId);
  if (refusal !== null) return refusal;
  const deadline = afterSeconds(transition.now, ttlSeconds);
  const session: Session = { sessionId, userId, ttlSeconds, state: 'active', deadline, madeWith };
  transition.saveSession(session);
  return { kind: 'session_opened', session };
}
