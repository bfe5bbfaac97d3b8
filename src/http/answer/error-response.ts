import { ERRORS, type ErrorCode } from '../../errors/error-table.js';
import { OctoStoreError } from '../../errors/octostore-error.js';
import type { ErrorBody } from './error-body.dto.js';

export interface ErrorResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: ErrorBody & Readonly<Record<string, unknown>>;
}

/** When to ask again a server that cannot say when it will be able to serve. */
const UNAVAILABLE_MS = 1000;

const CHALLENGE = 'Bearer realm="OctoStore"';

/** The one way in which an error becomes an answer. Built field by field, so nothing gets out by accident. */
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

/** For what fails before any route is reached and so knows nothing but a code. */
export function plainErrorResponse(code: ErrorCode, requestId: string): ErrorResponse {
  return errorResponse(new OctoStoreError(code), requestId);
}

/** At least 1: a client that is told 0 comes back at once. */
function wholeSeconds(milliseconds: number): number {
  return Math.max(1, Math.ceil(milliseconds / 1000));
}
