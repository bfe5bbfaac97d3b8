/** What is known of an error beyond its message. */
export interface ErrorFacts {
  /** The server's stable code, such as `lock_not_found`. */
  readonly code?: string | undefined;
  /** The HTTP status, if there was an answer. */
  readonly status?: number | undefined;
  /** Finds the request in the server's log. */
  readonly requestId?: string | undefined;
  /** Milliseconds after which the server said it makes sense to try again. */
  readonly retryAfterMs?: number | undefined;
  readonly cause?: unknown;
}

/** Why a lock could not be had. */
export interface HeldFacts extends ErrorFacts {
  readonly holder: string;
  readonly holderId: string;
  readonly expiresAt: Date;
  readonly metadata: string | null;
}

export type ErrorType =
  | 'held'
  | 'authentication'
  | 'validation'
  | 'not_found'
  | 'limit'
  | 'permission'
  | 'unavailable'
  | 'server'
  | 'network'
  | 'timeout'
  | 'signature';

/** Everything that this library throws, apart from the reason of a signal that the caller aborted. */
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

/** Somebody else holds the lock, and still did when the wait was over. */
export class LockHeldError extends OctoStoreError {
  readonly type = 'held';
  /** Login of the holder. */
  readonly holder: string;
  readonly holderId: string;
  /** When the lock comes free if its holder does nothing. */
  readonly expiresAt: Date;
  readonly metadata: string | null;

  constructor(message: string, facts: HeldFacts) {
    super(message, facts);
    this.holder = facts.holder;
    this.holderId = facts.holderId;
    this.expiresAt = facts.expiresAt;
    this.metadata = facts.metadata;
  }
}

/** The token is missing, mistyped, rotated or revoked. */
export class AuthenticationError extends OctoStoreError {
  readonly type = 'authentication';
}

/** The request is not valid; the library has refused it before sending, or the server has. */
export class ValidationError extends OctoStoreError {
  readonly type = 'validation';
}

/** The lease, session, webhook or delivery does not exist (any more), or is not yours. */
export class NotFoundError extends OctoStoreError {
  readonly type = 'not_found';
}

/** You have as many locks or sessions as allowed, or ask too often. */
export class LimitError extends OctoStoreError {
  readonly type = 'limit';
}

/** You may not do that. */
export class PermissionError extends OctoStoreError {
  readonly type = 'permission';
}

/** The server cannot do it now, also not after some repeats. */
export class UnavailableError extends OctoStoreError {
  readonly type = 'unavailable';
}

/** An answer that is no success and nothing of the above, or that cannot be understood. */
export class ServerError extends OctoStoreError {
  readonly type = 'server';
}

/** There was no connection, or it broke before the whole answer had come. */
export class NetworkError extends OctoStoreError {
  readonly type = 'network';
  /** Whether the request can have reached the server. */
  readonly wasSent: boolean;

  constructor(message: string, wasSent: boolean, cause?: unknown) {
    super(message, { cause });
    this.wasSent = wasSent;
  }
}

/** The whole answer did not come in time. */
export class TimeoutError extends OctoStoreError {
  readonly type = 'timeout';
}

/** A webhook message that was not signed with the secret, or not just now. */
export class SignatureError extends OctoStoreError {
  readonly type = 'signature';
}
