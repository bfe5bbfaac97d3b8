import type { LeaseId, SessionId, UserId, TicketId } from './ids.js';
import type { Holder } from './lease.js';
import type { LockName } from './lock-name.js';

/** What an acquire asks for, whether it is granted at once or after a wait. */
export interface AcquireRequest {
  readonly lockName: LockName;
  readonly holder: Holder;
  /** The id that the lease will have. */
  readonly leaseId: LeaseId;
  /** Whether the client chose `leaseId`. If so, it names the lease that the client means, and any other one contends. */
  readonly leaseIdChosen: boolean;
  readonly ttlSeconds: number;
  readonly metadata: string | null;
}

/** How to wait for a lock that is held. */
export interface Wait {
  readonly ticketId: TicketId;
  readonly seconds: number;
}

export interface Acquire {
  readonly kind: 'acquire';
  readonly request: AcquireRequest;
  /** Null answers at once. */
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

/** The client of a request that waits has gone. */
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

/** Ends what is due, at most `limit` deadlines in one step so that others get their turn. */
export interface Sweep {
  readonly kind: 'sweep';
  readonly limit: number;
}

/** One thing asked of the store. Ids are minted by the caller, so a command is plain data that can be replayed. */
export type Command =
  Acquire | Release | Renew | LeaveQueue | OpenSession | KeepSessionAlive | CloseSession | Sweep;
