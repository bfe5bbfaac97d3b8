/** What is known about an error besides its message. */
export interface ErrorFacts {
  /** The server's stable code, such as `lock_not_found`. */
  readonly code?: string | undefined;
  /** The HTTP status, if there was a response. */
  readonly status?: number | undefined;
  /** Identifies the request in the server's log. */
  readonly requestId?: string | undefined;
  /** How long the server asks you to wait before you try again, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
  readonly cause?: unknown;
}

/** Why you cannot have a lock, and until when. */
export interface HeldFacts extends ErrorFacts {
  readonly lock: string;
  readonly holder: string | null;
  readonly holderId: string | null;
  readonly expiresAt: Date;
  readonly metadata: string | null;
  readonly limit?: number | undefined;
  readonly position?: number | undefined;
  readonly waiters?: number | undefined;
}

/** Why a lease has ended, and who ended it. */
export interface BrokenFacts extends ErrorFacts {
  readonly reason: string;
  readonly brokenBy: string;
  readonly brokenAt: Date;
}

export type ErrorType =
  | 'held'
  | 'stale'
  | 'authentication'
  | 'validation'
  | 'not_found'
  | 'limit'
  | 'permission'
  | 'unavailable'
  | 'server'
  | 'network'
  | 'timeout'
  | 'signature'
  | 'lost';

/** Every error of this library, apart from the reason of a signal that you abort. */
export abstract class OctoStoreError extends Error {
  abstract readonly type: ErrorType;
  readonly code: string | undefined;
  readonly status: number | undefined;
  readonly requestId: string | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(message: string, { code, status, requestId, retryAfterMs, cause }: ErrorFacts = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = new.target.name;
    this.code = code;
    this.status = status;
    this.requestId = requestId;
    this.retryAfterMs = retryAfterMs;
  }
}

/**
 * You cannot have the lock now, and could not when the wait was over. `code` says why: `lock_held` if someone else holds it,
 * `lock_queued` if it is kept for clients that asked for it earlier, `lock_delayed` if it is kept from everyone for a while
 * after its last lease, `limit_mismatch` if it is in use with another limit.
 */
export class LockHeldError extends OctoStoreError {
  readonly type = 'held';
  /** The name of the lock. If you asked for several: the first that you cannot have. */
  readonly lock: string;
  /** Login of the holder. Null if no one holds the lock: it is kept for others, or from everyone. */
  readonly holder: string | null;
  readonly holderId: string | null;
  /** When the lease expires unless the holder renews it. If no one holds the lock: how long it is kept at least. */
  readonly expiresAt: Date;
  /** Null if there is none, or if no one holds the lock. */
  readonly metadata: string | null;
  /** The limit that the lock has now. Only with `limit_mismatch`. */
  readonly limit: number | undefined;
  /** Your place in line when your wait ended, from 1. Only after a wait. */
  readonly position: number | undefined;
  /** How many requests are still waiting for the lock. Only after a wait. */
  readonly waiters: number | undefined;

  constructor(message: string, facts: HeldFacts) {
    super(message, facts);
    this.lock = facts.lock;
    this.holder = facts.holder;
    this.holderId = facts.holderId;
    this.expiresAt = facts.expiresAt;
    this.metadata = facts.metadata;
    this.limit = facts.limit;
    this.position = facts.position;
    this.waiters = facts.waiters;
  }
}

/** A fence has seen a higher fencing token than yours. A later lease has used the resource, so stop. */
export class StaleTokenError extends OctoStoreError {
  readonly type = 'stale';
  /** The highest token that the fence has seen. */
  readonly highest: number;

  constructor(message: string, facts: ErrorFacts & { readonly highest: number }) {
    super(message, facts);
    this.highest = facts.highest;
  }
}

/** The token is missing, mistyped, rotated or revoked. */
export class AuthenticationError extends OctoStoreError {
  readonly type = 'authentication';
}

/**
 * The request is not valid. The library refused it before sending, or the server did. The codes `lease_mismatch` and
 * `ambiguous_lease_id` mean that you use one lease id for several leases.
 */
export class ValidationError extends OctoStoreError {
  readonly type = 'validation';
}

/** The lease, session, webhook or delivery does not exist, no longer exists, or is not yours. */
export class NotFoundError extends OctoStoreError {
  readonly type = 'not_found';
}

/**
 * Someone with the right to do so has broken the lease. Its holder's requests get this for an hour. A lock handle has it as
 * the reason of its loss.
 */
export class LeaseBrokenError extends NotFoundError {
  /** What they gave as the reason. */
  readonly reason: string;
  /** Login of the user who broke it, or `administrator` if they used an admin key. */
  readonly brokenBy: string;
  /** By the server's clock. */
  readonly brokenAt: Date;

  constructor(message: string, facts: BrokenFacts) {
    super(message, facts);
    this.reason = facts.reason;
    this.brokenBy = facts.brokenBy;
    this.brokenAt = facts.brokenAt;
  }
}

/** You have reached a limit, or send requests too often. */
export class LimitError extends OctoStoreError {
  readonly type = 'limit';
}

/** You are not allowed to do this. */
export class PermissionError extends OctoStoreError {
  readonly type = 'permission';
}

/** The server cannot handle the request now, and retries did not help. */
export class UnavailableError extends OctoStoreError {
  readonly type = 'unavailable';
}

/** Any other unsuccessful response, or one that cannot be read. */
export class ServerError extends OctoStoreError {
  readonly type = 'server';
}

/** There was no connection, or it broke before the whole response arrived. */
export class NetworkError extends OctoStoreError {
  readonly type = 'network';
  /** Whether the request may have reached the server. */
  readonly wasSent: boolean;

  constructor(message: string, wasSent: boolean, cause?: unknown) {
    super(message, { cause });
    this.wasSent = wasSent;
  }
}

/** The whole response did not arrive in time. */
export class TimeoutError extends OctoStoreError {
  readonly type = 'timeout';
}

/** A lock was lost while `withLock` or a block with `await using` held it. The block itself did not fail. */
export class LockLostError extends OctoStoreError {
  readonly type = 'lost';
  /** The name of the lock. If there were several: of the first. */
  readonly lock: string;
  /** What the function of `withLock` has returned. */
  readonly result: unknown;

  /** @param why the reason of the lock's signal. */
  constructor(lock: string, why: unknown, result?: unknown) {
    const { message, code, status, requestId } =
      why instanceof OctoStoreError ? why : { message: `the lock ${lock} is lost` };
    super(`${message}. This was while its block ran, so someone else may have held it meanwhile.`, {
      code,
      status,
      requestId,
      cause: why,
    });
    this.lock = lock;
    this.result = result;
  }
}

/** A webhook delivery was not signed with the secret, or its timestamp is too far off. */
export class SignatureError extends OctoStoreError {
  readonly type = 'signature';
}
