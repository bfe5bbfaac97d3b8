import { ERRORS, type ErrorCode } from './error-table.js';

interface ErrorOptions {
  /** What exactly is wrong, for the client. Must hold no secret and nothing of the server's inside. */
  readonly details?: string;
  /** Milliseconds after which it makes sense to try again; becomes the `Retry-After` header. */
  readonly retryAfterMs?: number;
  /** For the log only. */
  readonly cause?: unknown;
  /** More members for the body, beside `error`, `code`, `details` and `request_id`. */
  readonly body?: Readonly<Record<string, unknown>>;
  /** More headers. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** An error with a stable code that a client may see. It knows nothing of HTTP beyond what the table says. */
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
