import { ERRORS, type ErrorCode } from '../../errors/error-table.js';
import { OctoStoreError } from '../../errors/octostore-error.js';
import type { ErrorBody } from './error-body.dto.js';

export interface ErrorResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: ErrorBody & Readonly<Record<string, unknown>>;
}

/** The `Retry-After` of a server that does not know when it will be available again, in milliseconds. */
const UNAVAILABLE_MS = 1000;

const CHALLENGE = 'Bearer realm="OctoStore"';

/** Turns an error into an answer. All errors go through here. The answer is built field by field, so nothing leaks by accident. */
export function errorResponse(error: OctoStoreError, requestId: string): ErrorResponse {
  const { code, message, details } = error;
  const { status } = ERRORS[code];
  const retryAfterMs = error.retryAfterMs ?? (status === 503 ? UNAVAILABLE_MS : undefined);
  return {
    status,
    headers: {
      ...(retryAfterMs === undefined ? {} : { 'Retry-After': String(wholeSeconds(retryAfterMs)) }),
      ...(status === 401 ? { 'WWW-Authenticate': CHALLENGE } : {}),
      ...error.headers,
    },
    body: {
      error: message,
      code,
      ...(details === undefined ? {} : { details }),
      request_id: requestId,
      ...error.body,
    },
  };
}

/** The answer to a request that fails before it reaches a route, when only a code is known. */
export function plainErrorResponse(code: ErrorCode, requestId: string): ErrorResponse {
  return errorResponse(new OctoStoreError(code), requestId);
}

/** At least 1, because 0 would make a client try again at once. */
function wholeSeconds(milliseconds: number): number {
  return Math.max(1, Math.ceil(milliseconds / 1000));
}
