import type { LeaseId, SessionId, UserId, TicketId } from './ids.js';
import type { Holder } from './lease.js';
import type { LockName } from './lock-name.js';

/** The lease that an acquire asks for, whether it is granted immediately or after a wait. */
export interface AcquireRequest {
  readonly lockName: LockName;
  readonly holder: Holder;
  /** The id that the lease gets if it is granted. */
  readonly leaseId: LeaseId;
  /**
   * Whether the client chose `leaseId`. If it did, it asks for exactly that lease. Any other lease conflicts, even one of its
   * own.
   */
  readonly leaseIdChosen: boolean;
  readonly ttlSeconds: number;
  readonly metadata: string | null;
}

/** How long to wait if the lock is held, and the ticket to wait with. */
export interface Wait {
  readonly ticketId: TicketId;
  readonly seconds: number;
}

export interface Acquire {
  readonly kind: 'acquire';
  readonly request: AcquireRequest;
  /** Null means do not wait. */
  readonly wait: Wait | null;
}

export interface Release {
  readonly kind: 'release';
  readonly lockName: LockName;
  readonly userId: UserId;
  readonly leaseId: LeaseId;
}

export interface Renew {
  readonly kind: 'renew';
  readonly lockName: LockName;
  readonly userId: UserId;
  readonly leaseId: LeaseId;
  readonly ttlSeconds: number;
}

/** The client of a waiting request has disconnected. */
export interface LeaveQueue {
  readonly kind: 'leave_queue';
  readonly ticketId: TicketId;
}

export interface OpenSession {
  readonly kind: 'open_session';
  readonly sessionId: SessionId;
  readonly userId: UserId;
  readonly ttlSeconds: number;
}

export interface KeepSessionAlive {
  readonly kind: 'keep_session_alive';
  readonly sessionId: SessionId;
  readonly userId: UserId;
}

export interface CloseSession {
  readonly kind: 'close_session';
  readonly sessionId: SessionId;
  readonly userId: UserId;
}

/** Ends whatever is overdue. It handles at most `limit` deadlines per step, so that other commands get their turn. */
export interface Sweep {
  readonly kind: 'sweep';
  readonly limit: number;
}

/** One thing asked of the store. The caller generates all ids, so a command is plain data that can be replayed. */
export type Command =
  Acquire | Release | Renew | LeaveQueue | OpenSession | KeepSessionAlive | CloseSession | Sweep;
