import { EXPIRED_SESSION_MEMORY_SECONDS } from '../model/limits.js';
import { limitFor } from '../model/quotas.js';
import type { Session } from '../model/session.js';
import { afterSeconds } from '../model/time.js';
import type { Transition } from '../transition.js';

/** Remembers for a while that the session has expired, so that its client can be told. */
export function rememberExpired(transition: Transition, session: Session): void {
  makeRoomForUser(transition, session);
  const deadline = afterSeconds(transition.now, EXPIRED_SESSION_MEMORY_SECONDS);
  transition.saveSession({ ...session, state: 'expired', deadline });
}

/** Makes room for another session by forgetting the oldest expired ones. Returns false if all sessions are active. */
export function makeRoomForSession(transition: Transition): boolean {
  const { state, quotas } = transition;
  while (state.keptSessionCount >= quotas.maxSessions) {
    const oldest = state.oldestRememberedSession;
    if (oldest === null) return false;
    transition.removeSession(oldest);
  }
  return true;
}

/** Limits how many expired sessions are remembered per user. The latest ones are kept. */
function makeRoomForUser(transition: Transition, { userId }: Session): void {
  const { state, quotas } = transition;
  const limit = limitFor(userId, 'maxSessionsPerUser', quotas);
  while (state.rememberedSessionCountOf(userId) >= limit) {
    const oldest = state.oldestRememberedSessionOf(userId);
    if (oldest === null) return;
    transition.removeSession(oldest);
  }
}
