import type { FencingToken, LeaseId, SessionId, UserId } from './ids.js';
import type { LockName } from './lock-name.js';
import type { Instant } from './time.js';

/*
 * Vocabulary
 *   lock           a name that leases hold, currently one at a time
 *   lease          one grant of a lock: lease id, fencing token, deadline
 *   holder         the user, and the session if there is one, that has the lease
 *   fencing token  the number issued with a grant; a resource that remembers the highest one rejects stale holders
 *   session        what a client keeps alive with keepalives; the leases tied to it end with it
 *   ticket         a waiting request, with a place in the queue of each lock it asks for
 */

/** The user, and the session if there is one, that holds or asks for a lease. Two sessions of one user are two holders. */
export interface Holder {
  readonly userId: UserId;
  readonly sessionId: SessionId | null;
}

/**
 * One grant of a lock. Immutable: a renewal creates a new value, so an outcome that is waiting for its commit does not
 * change.
 */
export interface Lease {
  readonly leaseId: LeaseId;
  readonly lockName: LockName;
  readonly holder: Holder;
  readonly fencingToken: FencingToken;
  readonly ttlSeconds: number;
  /** The last instant at which the lease is certain to be alive. */
  readonly deadline: Instant;
  readonly metadata: string | null;
}
