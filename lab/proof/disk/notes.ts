import type { LeaseId, SessionId } from '../../../src/core/model/ids.js';
import type { LockName } from '../../../src/core/model/lock-name.js';

/** A record of a client's request to a store, or of its answer. */
export type Note =
  | { readonly kind: 'requested'; readonly id: number; readonly request: Request }
  | { readonly kind: 'answered'; readonly id: number; readonly answer: Answer }
  /** The store reported a commit: everything up to this event is durable. */
  | { readonly kind: 'committed'; readonly sequence: number }
  /** The store is open. An epoch must never repeat. */
  | { readonly kind: 'opened'; readonly epoch: number };

export type Request =
  | { readonly kind: 'acquire'; readonly lockName: LockName; readonly leaseId: LeaseId }
  | { readonly kind: 'renew' | 'release'; readonly lockName: LockName; readonly fencingToken: number }
  | { readonly kind: 'open_session' | 'keep_session_alive' | 'close_session'; readonly sessionId: SessionId };

export type Answer =
  | { readonly kind: 'granted' | 'renewed'; readonly fencingToken: number; readonly deadline: number }
  | { readonly kind: 'conflict'; readonly fencingToken: number }
  | { readonly kind: 'alive'; readonly deadline: number }
  | { readonly kind: 'ended' };

export type NoteSink = (note: Note) => void;
