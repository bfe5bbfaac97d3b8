import { warn } from './warnings.js';

/**
 * - `acquired`: a handle was opened.
 * - `renewed`: it was renewed or kept alive.
 * - `renewal_failed`: an attempt to renew it failed. Others follow until it is lost.
 * - `lost`: it is lost.
 * - `released`: it was closed, and was not lost before.
 */
export type HandleEventType = 'acquired' | 'renewed' | 'renewal_failed' | 'lost' | 'released';

/** What a handle is about. */
export interface HandleSubject {
  /** The name of the lock. If the handle holds several: of the first. Undefined if it is about a session. */
  readonly lock?: string | undefined;
  /** The names of all locks. Empty if it is about a session. */
  readonly locks: readonly string[];
  /** The id of the session. Undefined if it is about locks. */
  readonly session?: string | undefined;
  /** The fencing token of the locks. Undefined if it is about a session. */
  readonly fencingToken?: number | undefined;
}

/** Something that has happened to locks or a session that a client holds. */
export interface HandleEvent extends HandleSubject {
  readonly type: HandleEventType;
  /** Why a renewal or a release failed, or why it is lost. */
  readonly error?: unknown;
}

/** Receives everything that happens to the locks and sessions of a client. It must return quickly. */
export type Observer = (event: HandleEvent) => void;

/** Tells an observer of the events of one handle. */
export type Tell = (type: HandleEventType, error?: unknown) => void;

/** @param subject is asked at each event, because a conversion changes the fencing token. */
export function telling(observer: Observer | undefined, subject: () => HandleSubject): Tell {
  if (observer === undefined) return () => undefined;
  return (type, error) => {
    try {
      observer({ type, ...subject(), ...(error === undefined ? {} : { error }) });
    } catch (failure) {
      warn('OCTOSTORE_OBSERVER', 'The observer of a client has thrown an error.', String(failure));
    }
  };
}
