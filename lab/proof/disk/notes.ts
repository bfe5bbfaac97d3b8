import type { Hold } from '../../../src/core/model/demand.js';
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

/** The lock that a lease holds. */
interface OfLocks {
  readonly lockName: LockName;
  /** The other locks of a lease that holds several. */
  readonly others?: readonly LockName[];
}

export type Request =
  | (OfLocks & { readonly kind: 'acquire'; readonly leaseId: LeaseId })
  | (OfLocks & { readonly kind: 'renew' | 'release'; readonly fencingToken: number })
  | { readonly kind: 'open_session' | 'keep_session_alive' | 'close_session'; readonly sessionId: SessionId };

export type Answer =
  | {
      readonly kind: 'granted';
      readonly fencingToken: number;
      readonly deadline: number;
      /** How each of the locks is held. Exclusively if it is left out. */
      readonly holds?: Readonly<Record<LockName, Hold>>;
      /** Until when the locks are kept from everyone if they are released earlier. */
      readonly keptUntil?: number | null;
    }
  | { readonly kind: 'renewed'; readonly fencingToken: number; readonly deadline: number }
  | { readonly kind: 'conflict'; readonly fencingToken: number }
  | { readonly kind: 'alive'; readonly deadline: number }
  | { readonly kind: 'ended' };

export type NoteSink = (note: Note) => void;

/** All locks that the request is about. */
export function locksOfRequest({ lockName, others = [] }: OfLocks): readonly LockName[] {
  return [lockName, ...others];
}
