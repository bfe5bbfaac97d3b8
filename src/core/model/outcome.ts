import type { BrokenLease } from './broken-lease.js';
import type { Command } from './command.js';
import type { TokenCheck } from './fence.js';
import type { Arrival, TicketId } from './ids.js';
import type { Lease } from './lease.js';
import type { LockName } from './lock-name.js';
import type { ReleaseRequest } from './release-request.js';
import type { Session } from './session.js';
import type { Instant } from './time.js';

/** This call granted the lease. */
export interface Acquired {
  readonly kind: 'acquired';
  readonly lease: Lease;
}

/** The caller already had this lease. */
export interface AlreadyHeld {
  readonly kind: 'already_held';
  readonly lease: Lease;
}

/** The request cannot have the lock now. If it asks for several, this is about the first one that it cannot have. */
export interface Conflict {
  readonly kind: 'conflict';
  readonly lockName: LockName;
  readonly obstacle: Obstacle;
  /** Milliseconds until the obstacle is gone if its holder does nothing. */
  readonly retryAfterMs: number;
  /** The request's place in line. Null if it has none. */
  readonly place: LinePosition | null;
}

/** What stands between a request and a lock. */
export type Obstacle = Keeper | LimitObstacle;

/** What keeps a lock from a request. */
export type Keeper = HeldObstacle | QueuedObstacle | DelayedObstacle;

/** Another lease holds the lock. If there are several, this is the one that was granted first. */
export interface HeldObstacle {
  readonly kind: 'held';
  readonly lease: Lease;
}

/** The lock is free, or has room, but is kept for those who asked for it earlier. */
export interface QueuedObstacle {
  readonly kind: 'queued';
  /** When the first of them stops asking. */
  readonly until: Instant;
}

/** No lease holds the lock, but it is kept from everyone for a while. */
export interface DelayedObstacle {
  readonly kind: 'delayed';
  readonly until: Instant;
}

/** The lock is counted with another limit than the request says. */
export interface LimitObstacle {
  readonly kind: 'limit_mismatch';
  readonly limit: number;
  readonly by: Keeper;
}

/** A place in the line of one lock, among the requests that are asking. */
export interface LinePosition {
  /** 1 is the head of the line. A place that no one is asking for has the position that it would have. */
  readonly position: number;
  /** How many requests are asking for the lock. */
  readonly waiters: number;
}

/** The user already holds, or waits for, something else with this lease id. */
export interface LeaseMismatch {
  readonly kind: 'lease_mismatch';
}

/** The user's lease with this id was ended by someone else. */
export interface LeaseBroken {
  readonly kind: 'lease_broken';
  readonly broken: BrokenLease;
}

/** The user has several leases with this id. One of their locks must be named. */
export interface AmbiguousLeaseId {
  readonly kind: 'ambiguous_lease_id';
}

/** The request is in the queue. Its answer follows as a settlement. */
export interface Queued {
  readonly kind: 'queued';
}

/** The user has reached the limit of locks per user. */
export interface LockLimitExceeded {
  readonly kind: 'lock_limit_exceeded';
  readonly limit: number;
}

/** All users together have reached the limit of locks. */
export interface TooManyLocks {
  readonly kind: 'too_many_locks';
  readonly limit: number;
}

/** The limit of waiting requests has been reached, either for this user or for all users together. */
export interface TooManyWaiters {
  readonly kind: 'too_many_waiters';
  readonly of: 'user' | 'all_users';
  readonly limit: number;
}

/** No fencing tokens or no sequences are left. See `State.hasNumbersForGrant`. */
export interface NumbersExhausted {
  readonly kind: 'numbers_exhausted';
}

/** The lock is free, held by someone else, or held under another lease. */
export interface LockNotFound {
  readonly kind: 'lock_not_found';
}

/** Why a user has no lease under the id that it names. */
export type NotYours = LockNotFound | AmbiguousLeaseId | LeaseBroken;

export interface Renewed {
  readonly kind: 'renewed';
  readonly lease: Lease;
  /** The latest request to release one of its locks. Null if there is none. */
  readonly releaseRequest: ReleaseRequest | null;
}

/** A lease of permits has no other mode. */
export interface NotConvertible {
  readonly kind: 'not_convertible';
}

export interface Broken {
  readonly kind: 'broken';
  /** The leases that this step has ended, in the order in which they were granted. */
  readonly leases: readonly Lease[];
  /** Whether the lock was cooling, and no longer is. */
  readonly endedCooling: boolean;
  /** Whether there are more leases to break. */
  readonly more: boolean;
}

export interface SessionNotFound {
  readonly kind: 'session_not_found';
}

export interface SessionExpired {
  readonly kind: 'session_expired';
}

export interface SessionLimitExceeded {
  readonly kind: 'session_limit_exceeded';
  readonly limit: number;
}

/** The server has reached the limit of sessions, and all of them are alive. */
export interface TooManySessions {
  readonly kind: 'too_many_sessions';
  readonly limit: number;
}

/** The user has reached the limit of fences per user. */
export interface FenceLimitExceeded {
  readonly kind: 'fence_limit_exceeded';
  readonly limit: number;
}

/** All users together have reached the limit of fences. */
export interface TooManyFences {
  readonly kind: 'too_many_fences';
  readonly limit: number;
}

/** Why a fence is not created. */
export type FenceRefusal = FenceLimitExceeded | TooManyFences;

export interface FenceNotFound {
  readonly kind: 'fence_not_found';
}

/** Why a free lock is not granted. */
export type GrantRefusal = LockLimitExceeded | TooManyLocks | NumbersExhausted;

/** The final answer to an acquire, given immediately or after a wait. */
export type AcquireAnswer =
  | Acquired
  | AlreadyHeld
  | Conflict
  | LeaseMismatch
  | LeaseBroken
  | GrantRefusal
  | TooManyWaiters
  | SessionNotFound
  | SessionExpired;

/** The final answer to an acquire that was queued. */
export interface Settlement {
  readonly ticketId: TicketId;
  readonly answer: AcquireAnswer;
  /** The ticket's place in the order of arrival. */
  readonly arrival: Arrival;
}

interface OutcomeByCommand {
  acquire: AcquireAnswer | Queued;
  release: { readonly kind: 'released' } | NotYours;
  renew: Renewed | NotYours | NumbersExhausted;
  leave_queue: { readonly kind: 'left' } | { readonly kind: 'not_queued' };
  give_up_place: { readonly kind: 'left' } | { readonly kind: 'not_queued' };
  take_back: { readonly kind: 'released' } | LockNotFound;
  convert:
    | { readonly kind: 'converted'; readonly lease: Lease }
    | Conflict
    | NotConvertible
    | NotYours
    | NumbersExhausted;
  break: Broken | LockNotFound;
  warn: { readonly kind: 'warned' } | NumbersExhausted;
  request_release: { readonly kind: 'release_requested' } | LockNotFound | NumbersExhausted;
  open_session:
    { readonly kind: 'session_opened'; readonly session: Session } | SessionLimitExceeded | TooManySessions;
  keep_session_alive:
    { readonly kind: 'session_kept_alive'; readonly session: Session } | SessionNotFound | SessionExpired;
  close_session: { readonly kind: 'session_closed' } | SessionNotFound | SessionExpired;
  advance_fence: TokenCheck | FenceRefusal;
  delete_fence: { readonly kind: 'fence_deleted' } | FenceNotFound;
  sweep: { readonly kind: 'swept'; readonly more: boolean };
}

/** The possible outcomes of a command. A refusal is an outcome, not an exception. */
export type OutcomeOf<C extends Command> = OutcomeByCommand[C['kind']];
export type Outcome = OutcomeOf<Command>;
