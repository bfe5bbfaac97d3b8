import type { SessionId } from './ids.js';
import type { LockName } from './lock-name.js';

export interface LockSubject {
  readonly kind: 'lock';
  readonly lockName: LockName;
}

export interface SessionSubject {
  readonly kind: 'session';
  readonly sessionId: SessionId;
}

/** What an event is about. */
export type Subject = LockSubject | SessionSubject;
