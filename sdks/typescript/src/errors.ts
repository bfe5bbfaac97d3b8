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

/** Who holds the lock, and until when. */
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

/** Someone else holds the lock, and still did when the wait was over. */
export class LockHeldError extends OctoStoreError {
  readonly type = 'held';
  /** Login of the holder. */
  readonly holder: string;
  readonly holderId: string;
  /** When the lease expires unless the holder renews it. */
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

/** The request is not valid. The library refused it before sending, or the server did. */
export class ValidationError extends OctoStoreError {
  readonly type = 'validation';
}

/** The lease, session, webhook or delivery does not exist, no longer exists, or is not yours. */
export class NotFoundError extends OctoStoreError {
  readonly type = 'not_found';
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

/** A webhook delivery was not signed with the secret, or its timestamp is too far off. */
export class SignatureError extends OctoStoreError {
  readonly type = 'signature';
}
