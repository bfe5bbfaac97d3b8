import type { FencingToken, LeaseId, SessionId, UserId } from './ids.js';
import type { LockName } from './lock-name.js';
import type { Instant } from './time.js';

/*
 * Vocabulary
 *   lock           a name that leases hold; today one lease at a time
 *   lease          one grant of a lock: lease id, fencing token, deadline
 *   holder         the user, and the session if any, that has a lease
 *   fencing token  the number minted with a grant; a resource that remembers the highest one refuses stale holders
 *   session        a span of life kept up by keepalives; its leases end with it
 *   ticket         a request that waits, with a place in the queue of each lock that it asks for
 */

/** Who holds a lease or asks for one. Two sessions of one user are two holders. */
export interface Holder {
  readonly userId: UserId;
  readonly sessionId: SessionId | null;
}

/** One grant of a lock. Immutable: a renewal makes a new value, so an answer that still waits for its commit keeps its own. */
export interface Lease {
  readonly leaseId: LeaseId;
  readonly lockName: LockName;
  readonly holder: Holder;
  readonly fencingToken: FencingToken;
  readonly ttlSeconds: number;
  /** The last instant at which the lease is certainly alive. */
  readonly deadline: Instant;
  readonly metadata: string | null;
}
