import type { FencingToken, Sequence, SessionId, UserId } from '../model/ids.js';
import type { Lease } from '../model/lease.js';
import type { LockName } from '../model/lock-name.js';
import type { Session } from '../model/session.js';
import type { Instant } from '../model/time.js';

/** How much there is, and the highest numbers so far. */
export interface StateCounts {
  readonly lastFencingToken: FencingToken;
  readonly lastSequence: Sequence;
  readonly leaseCount: number;
  /** Sessions that are alive, or are overdue and have yet to be swept. */
  readonly sessionCount: number;
  /** Sessions that have expired and are still remembered. */
  readonly rememberedSessionCount: number;
  /** Requests that wait. */
  readonly waiterCount: number;
}

/** What readers may see of the state. Every answer takes expiry into account, so it needs to know the time. */
export interface StateView extends StateCounts {
  /** Of the live leases that hold the lock, the one that was granted first. */
  firstLiveLease(lockName: LockName, now: Instant): Lease | null;
  queueLength(lockName: LockName): number;
  /**
   * The live leases of locks whose names begin with `prefix` and come after `after`, in the order of names, and those of
   * one lock in the order of their grants.
   */
  liveLeases(prefix: string, after: string | null, now: Instant): Generator<Lease>;
  /** The same for one user's leases only. Costs as much as the user holds. */
  liveLeasesOfUser(userId: UserId, prefix: string, after: string | null, now: Instant): Lease[];
  session(sessionId: SessionId): Session | null;
  liveLeaseCountOfSession(sessionId: SessionId, now: Instant): number;
}
