import type { FencingToken, Sequence, SessionId, UserId } from '../model/ids.js';
import type { Lease } from '../model/lease.js';
import type { LockName } from '../model/lock-name.js';
import type { Session } from '../model/session.js';
import type { Instant } from '../model/time.js';

/** The sizes of the state, and the highest numbers so far. */
export interface StateCounts {
  readonly lastFencingToken: FencingToken;
  readonly lastSequence: Sequence;
  readonly leaseCount: number;
  /** Sessions that are alive, or overdue but not swept yet. */
  readonly sessionCount: number;
  /** Expired sessions that are still remembered. */
  readonly rememberedSessionCount: number;
  /** Waiting requests. */
  readonly waiterCount: number;
}

/** A read-only view of the state. Reads take expiry into account, so most of them need the current time. */
export interface StateView extends StateCounts {
  /** The live lease of the lock that was granted first. */
  firstLiveLease(lockName: LockName, now: Instant): Lease | null;
  queueLength(lockName: LockName): number;
  /**
   * The live leases of locks whose names begin with `prefix` and are greater than `after`, in order of name. The leases of
   * one lock are in the order they were granted.
   */
  liveLeases(prefix: string, after: string | null, now: Instant): Generator<Lease>;
  /** The same for one user's leases. Takes time in proportion to the number of leases the user holds. */
  liveLeasesOfUser(userId: UserId, prefix: string, after: string | null, now: Instant): Lease[];
  session(sessionId: SessionId): Session | null;
  liveLeaseCountOfSession(sessionId: SessionId, now: Instant): number;
}
