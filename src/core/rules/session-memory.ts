import { EXPIRED_SESSION_MEMORY_SECONDS } from '../model/limits.js';
import type { Session } from '../model/session.js';
import { afterSeconds } from '../model/time.js';
import type { Transition } from '../transition.js';

/** Remembers for a while that a session has expired, so that its client is told so. */
export function rememberExpired(transition: Transition, session: Session): void {
  makeRoomAmongOwn(transition, session);
  const deadline = afterSeconds(transition.now, EXPIRED_SESSION_MEMORY_SECONDS);
  transition.saveSession({ ...session, state: 'expired', deadline });
}

/** Makes room for one more session: a remembered one never stands in its way. Returns false if all are active. */
export function makeRoomForSession(transition: Transition): boolean {
  const { state, options } = transition;
  while (state.keptSessionCount >= options.maxSessions) {
    const oldest = state.oldestRememberedSession;
    if (oldest === null) return false;
    transition.removeSession(oldest);
  }
  return true;
}

/** A user whose sessions expire again and again is remembered for the latest of them only. */
function makeRoomAmongOwn(transition: Transition, { userId }: Session): void {
  const { state, options } = transition;
  while (state.rememberedSessionCountOf(userId) >= options.maxSessionsPerUser) {
    const oldest = state.oldestRememberedSessionOf(userId);
    if (oldest === null) return;
    transition.removeSession(oldest);
  }
}
