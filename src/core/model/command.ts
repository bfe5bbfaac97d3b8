import type { Want } from './demand.js';
import type { Arrival, FencingToken, LeaseId, SessionId, TicketId, UserId } from './ids.js';
import type { CoolingTerms } from './cooling.js';
import type { FenceName } from './fence.js';
import type { EndedLease, LockWarning } from './event.js';
import type { Holder } from './lease.js';
import type { LockName } from './lock-name.js';

/** The lease that an acquire asks for, whether it is granted immediately or after a wait. */
export interface AcquireRequest {
  /** The locks, none of them twice. They are granted together or not at all. */
  readonly wants: readonly [Want, ...Want[]];
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
  readonly cooling: CoolingTerms;
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

/** A lease of the user, by its id and one of its locks, or by its id alone. */
export interface LeaseReference {
  readonly userId: UserId;
  readonly leaseId: LeaseId;
  readonly lockName: LockName | null;
}

export interface Release extends LeaseReference {
  readonly kind: 'release';
}

export interface Renew extends LeaseReference {
  readonly kind: 'renew';
  readonly ttlSeconds: number;
}

/** The client of a waiting request has disconnected, or may no longer wait. */
export interface LeaveQueue {
  readonly kind: 'leave_queue';
  readonly ticketId: TicketId;
  /** Whether the place is kept for a while if the client chose the lease id, so that it can ask again and continue there. */
  readonly keepsPlace: boolean;
}

/** A user gives up a place in line, whether or not anyone is asking for it at the moment. */
export interface GiveUpPlace {
  readonly kind: 'give_up_place';
  readonly lockName: LockName;
  readonly userId: UserId;
  readonly leaseId: LeaseId;
}

/** A client disconnected while its grant was on the way. It never learned of the lease, which ends. */
export interface TakeBack {
  readonly kind: 'take_back';
  readonly userId: UserId;
  readonly leaseId: LeaseId;
  readonly fencingToken: FencingToken;
  /** The place in line that the client gets back. Null if none is kept. */
  readonly place: KeptPlace | null;
}

/** A place in line as it was before its ticket was granted. */
export interface KeptPlace {
  readonly ticketId: TicketId;
  readonly request: AcquireRequest;
  readonly arrival: Arrival;
}

/** The holder wants to hold one of its lease's locks in another mode, without letting go of it. */
export interface Convert extends LeaseReference {
  readonly kind: 'convert';
  readonly lockName: LockName;
  readonly mode: 'exclusive' | 'shared';
}

/**
 * Someone with the right to do so ends leases of a lock that others hold. If there are none, it ends the time for which the lock
 * cools. It ends at most `BREAKS_PER_STEP_MAX` leases.
 */
export interface Break {
  readonly kind: 'break';
  readonly lockName: LockName;
  /** The user who breaks the lock. Null if it is someone with the admin key. */
  readonly brokenBy: UserId | null;
  readonly reason: string;
  /** One lease, or all that were granted up to this token. */
  readonly which: 'only' | 'through';
  readonly fencingToken: FencingToken;
}

/** Someone asks those who hold the lock to release it. They are told when they next renew. */
export interface RequestRelease {
  readonly kind: 'request_release';
  readonly lockName: LockName;
  readonly requestedBy: UserId;
  readonly message: string | null;
}

/** The service has noticed something that may need an operator. This is only logged. */
export interface Warn {
  readonly kind: 'warn';
  readonly lockName: LockName;
  /** What the log says about the lease that was the reason. */
  readonly lease: EndedLease;
  readonly warning: LockWarning;
}

export interface OpenSession {
  readonly kind: 'open_session';
  readonly sessionId: SessionId;
  readonly userId: UserId;
  readonly ttlSeconds: number;
  /** The id of the token with scopes that opens it. Null if the token has none. */
  readonly madeWith: string | null;
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

/** A resource is about to be used with this token. Its fence records the token, unless it has seen a higher one. */
export interface AdvanceFence {
  readonly kind: 'advance_fence';
  readonly name: FenceName;
  /** The user who creates the fence, if it does not exist. */
  readonly userId: UserId;
  readonly fencingToken: FencingToken;
}

export interface DeleteFence {
  readonly kind: 'delete_fence';
  readonly name: FenceName;
}

/** Ends whatever is overdue, and continues what an earlier step did not finish. It handles at most `limit` deadlines per step, so that other commands get their turn. */
export interface Sweep {
  readonly kind: 'sweep';
  readonly limit: number;
}

/** One thing asked of the store. The caller generates all ids, so a command is plain data that can be replayed. */
export type Command =
  | Acquire
  | Release
  | Renew
  | LeaveQueue
  | GiveUpPlace
  | TakeBack
  | Convert
  | Break
  | RequestRelease
  | Warn
  | OpenSession
  | KeepSessionAlive
  | CloseSession
  | AdvanceFence
  | DeleteFence
  | Sweep;
