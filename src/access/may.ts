import type { FenceName } from '../core/model/fence.js';
import type { SessionId, UserId } from '../core/model/ids.js';

/** The user who does something: the caller of a route, or the owner of a webhook for its deliveries. */
export interface Actor {
  readonly userId: UserId;
}

/** A lock, by its name. A request, a lease and the subject of an event all have a `lockName`, so you can pass them directly. */
interface LockSubject {
  readonly lockName: string;
}

interface SessionSubject {
  readonly sessionId: SessionId;
}

interface FenceSubject {
  readonly fenceName: FenceName;
}

/** The actions, and what each applies to. */
export interface SubjectOf {
  /** See whether a lock is held, who holds it, and its events. */
  readonly observe: LockSubject;
  /** Acquire a lock and keep it. If you may do that, you may also observe the lock. */
  readonly acquire: LockSubject;
  /** Open a session and keep it alive. */
  readonly keep_session: SessionSubject;
  /** See what a fence has seen, and compare a token with it. */
  readonly observe_fence: FenceSubject;
  /** Create a fence and advance it. */
  readonly advance_fence: FenceSubject;
}

export type Action = keyof SubjectOf;

/**
 * Whether an actor may do something. This is decided here and nowhere else, for commands, reads, lists, event streams and
 * webhooks. For now, every signed-in user may do all of these. Actions that are always allowed, such as releasing your own
 * lock, are not checked here. Whether a lease or session belongs to the actor is decided in `core`.
 */
export function may<A extends Action>(_actor: Actor, _action: A, _subject: SubjectOf[A]): boolean {
  return true;
}
