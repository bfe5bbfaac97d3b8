import { ERRORS, type ErrorCode } from './error-table.js';

interface ErrorOptions {
  /** What exactly is wrong, for the client to read. Must contain no secrets and no server internals. */
  readonly details?: string;
  /** How long the client should wait before it tries again, in milliseconds. Becomes the `Retry-After` header. */
  readonly retryAfterMs?: number;
  /** Logged, but never sent to the client. */
  readonly cause?: unknown;
  /** Fields added to the body, besides `error`, `code`, `details` and `request_id`. */
  readonly body?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An error that a client may see, with a stable code from the error table. */
export class OctoStoreError extends Error {
  override readonly name = 'OctoStoreError';
  readonly details: string | undefined;
  readonly retryAfterMs: number | undefined;
  readonly body: Readonly<Record<string, unknown>> | undefined;
  readonly headers: Readonly<Record<string, string>> | undefined;

  constructor(
    readonly code: ErrorCode,
    options: ErrorOptions = {},
  ) {
    super(ERRORS[code].message, { cause: options.cause });
    this.details = options.details;
    this.retryAfterMs = options.retryAfterMs;
    this.body = options.body;
    this.headers = options.headers;
  }
}
