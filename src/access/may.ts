import type { SessionId, UserId } from '../core/model/ids.js';

/** Who does something: the caller of a route or, for what is sent later, the owner of a webhook. */
export interface Actor {
  readonly userId: UserId;
}

/** A lock. A request, a lease and the subject of an event name theirs, so each of them can be asked about as it is. */
interface LockSubject {
  readonly lockName: string;
}

interface SessionSubject {
  readonly sessionId: SessionId;
}

/** What can be done, and to what. */
export interface SubjectOf {
  /** See whether a lock is held, by whom, and what happens to it. */
  readonly observe: LockSubject;
  /** Take a lock and keep it. Whoever may do that may also observe the lock. */
  readonly acquire: LockSubject;
  /** Open a session and keep it alive. */
  readonly keep_session: SessionSubject;
}

export type Action = keyof SubjectOf;

/**
 * Whether an actor may do something. This is the only place that decides it, for commands, reads, lists, event streams and
 * webhooks alike: every signed-in user may do all of this. What an actor may always do, such as releasing its own lock, is not
 * asked here; that a lease or a session is the actor's own is a rule of `core`.
 */
export function may<A extends Action>(_actor: Actor, _action: A, _subject: SubjectOf[A]): boolean {
  return true;
}
