import type { Command } from './command.js';
import type { TicketId } from './ids.js';
import type { Lease } from './lease.js';
import type { Session } from './session.js';

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

/** Another holder has the lock. */
export interface Conflict {
  readonly kind: 'conflict';
  readonly lease: Lease;
  /** Milliseconds until the lock becomes free if its holder does nothing. */
  readonly retryAfterMs: number;
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

/** Why a free lock is not granted. */
export type GrantRefusal = LockLimitExceeded | TooManyLocks | NumbersExhausted;

/** The final answer to an acquire, given immediately or after a wait. */
export type AcquireAnswer =
  Acquired | AlreadyHeld | Conflict | GrantRefusal | TooManyWaiters | SessionNotFound | SessionExpired;

/** The final answer to an acquire that was queued. */
export interface Settlement {
  readonly ticketId: TicketId;
  readonly answer: AcquireAnswer;
}

interface OutcomeByCommand {
  acquire: AcquireAnswer | Queued;
  release: { readonly kind: 'released' } | LockNotFound;
  renew: { readonly kind: 'renewed'; readonly lease: Lease } | LockNotFound | NumbersExhausted;
  leave_queue: { readonly kind: 'left' } | { readonly kind: 'not_queued' };
  open_session:
    { readonly kind: 'session_opened'; readonly session: Session } | SessionLimitExceeded | TooManySessions;
  keep_session_alive:
    { readonly kind: 'session_kept_alive'; readonly session: Session } | SessionNotFound | SessionExpired;
  close_session: { readonly kind: 'session_closed' } | SessionNotFound | SessionExpired;
  sweep: { readonly kind: 'swept'; readonly more: boolean };
}

/** The possible outcomes of a command. A refusal is an outcome, not an exception. */
export type OutcomeOf<C extends Command> = OutcomeByCommand[C['kind']];
export type Outcome = OutcomeOf<Command>;
