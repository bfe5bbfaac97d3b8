import type { BrokenLease } from '../model/broken-lease.js';
import type { Demand, Hold } from '../model/demand.js';
import type { Fence, FenceName } from '../model/fence.js';
import type { FencingToken, LeaseId, Sequence, SessionId, UserId } from '../model/ids.js';
import type { Holder, Lease } from '../model/lease.js';
import type { LockName } from '../model/lock-name.js';
import type { Session } from '../model/session.js';
import type { Instant } from '../model/time.js';

/** The sizes of the state, and the highest numbers so far. */
export interface StateCounts {
  readonly lastFencingToken: FencingToken;
  readonly lastSequence: Sequence;
  readonly leaseCount: number;
  /** How many locks all leases hold together. A lock that several leases hold counts once for each. */
  readonly lockCount: number;
  /** Locks that no lease holds, but that are kept from everyone for a while. */
  readonly coolingCount: number;
  /** Sessions that are alive, or overdue but not swept yet. */
  readonly sessionCount: number;
  /** Expired sessions that are still remembered. */
  readonly rememberedSessionCount: number;
  /** Requests that are waiting for an answer. */
  readonly waiterCount: number;
  readonly fenceCount: number;
}

/** One lock that is held, with one of its leases. */
export interface Holding {
  readonly lockName: LockName;
  readonly hold: Hold;
  readonly lease: Lease;
}

/** Who holds a lock. */
export interface LockHolders {
  /** The live holders that were granted the lock first, in that order. */
  readonly holders: readonly Holding[];
  /** How many live leases hold the lock. */
  readonly count: number;
  /** How many permits they use. 0 unless the lock is counted. */
  readonly permitsInUse: number;
}

/** A holding in a list that is in order of name, and of token for the same name. */
export interface ListPosition {
  readonly lockName: LockName;
  readonly fencingToken: FencingToken;
}

/** One place in the line of a lock. */
export interface QueuedPlace {
  /** Its place among those that are asking, or the one that it would have. The head of the line is 1. */
  readonly position: number;
  readonly holder: Holder;
  readonly leaseId: LeaseId;
  /** All locks that the request is for. */
  readonly lockNames: readonly LockName[];
  /** When the request joined the line. */
  readonly since: Instant;
  readonly demand: Demand;
  /** Whether a client is waiting for the answer at the moment. */
  readonly isAsking: boolean;
}

/** A request that is waiting. */
export interface WaitingRequest {
  /** All locks that it is for. */
  readonly lockNames: readonly LockName[];
  /** When it joined the line. */
  readonly since: Instant;
}

/** The line of a lock. */
export interface QueueView {
  /** The first places, in the order of arrival. */
  readonly places: readonly QueuedPlace[];
  /** How many places there are, including those that no one is asking for at the moment. */
  readonly total: number;
  readonly askingCount: number;
}

/** A read-only view of the state. Reads take expiry into account, so most of them need the current time. */
export interface StateView extends StateCounts {
  /** The live lease of the lock that was granted first. */
  firstLiveLease(lockName: LockName, now: Instant): Lease | null;
  /** The live holders of the lock, of which at most `max` are listed. */
  holders(lockName: LockName, now: Instant, max: number): LockHolders;
  /** The end of the time for which the lock is kept from everyone. Null if it is not. */
  availableAt(lockName: LockName, now: Instant): Instant | null;
  /** How many requests are waiting for the lock. */
  queueLength(lockName: LockName): number;
  /** The line of the lock, of which at most `max` places are listed. */
  queue(lockName: LockName, max: number): QueueView;
  /** All requests that are waiting, in no particular order. */
  waitingRequests(): Iterable<WaitingRequest>;
  /** The locks of the user's request that waits for this lock and chose this lease id. None if there is no such request. */
  locksOfPlace(lockName: LockName, userId: UserId, leaseId: LeaseId): readonly LockName[];
  /**
   * The live holdings of locks whose names begin with `prefix`, after a position, in order of name and token. A lease has one for
   * each lock that it holds.
   */
  heldLocks(prefix: string, after: ListPosition | null, now: Instant): Generator<Holding>;
  /** The same for one user. Takes time in proportion to the number of locks the user holds. */
  heldLocksOfUser(userId: UserId, prefix: string, after: ListPosition | null, now: Instant): Holding[];
  /** The user's live leases with this id. There are several only if the client chose the same id for them. */
  leasesWithId(userId: UserId, leaseId: LeaseId, now: Instant): Lease[];
  /** The user's live lease with this id that holds the lock. Needs no index of the user's leases. */
  leaseOn(lockName: LockName, userId: UserId, leaseId: LeaseId, now: Instant): Lease | null;
  /** The user's leases with this id that someone else ended a short time ago, in the order in which they were broken. */
  brokenLeasesWithId(userId: UserId, leaseId: LeaseId, now: Instant): BrokenLease[];
  fence(name: FenceName): Fence | null;
  /** The last instant at which the lease is alive if no one does anything. It may end with its session. */
  endOfLease(lease: Lease): Instant;
  session(sessionId: SessionId): Session | null;
  /** The user's live sessions, in no particular order. Takes time in proportion to the number of sessions the user has. */
  liveSessionsOf(userId: UserId, now: Instant): Iterable<Session>;
  /** Counts the user's sessions that are alive or overdue. Takes constant time. */
  activeSessionCountOf(userId: UserId): number;
  /** Counts the user's locks, cooling and overdue ones included. Takes constant time. */
  lockCountOf(userId: UserId): number;
  liveLeaseCountOfSession(sessionId: SessionId, now: Instant): number;
}
