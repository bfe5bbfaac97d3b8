import {
  LeaseBrokenError,
  LimitError,
  NetworkError,
  OctoStoreError,
  ServerError,
  TimeoutError,
  UnavailableError,
  type ErrorType,
} from './errors.js';

const FINAL: ReadonlySet<ErrorType> = new Set([
  'authentication',
  'validation',
  'permission',
  'not_found',
  'limit',
]);

/** The codes of a 503 to a request that has had no effect. */
const NOTHING_DONE: ReadonlySet<string | undefined> = new Set(['no_leader', 'shutting_down']);

/** Whether to retry a call. */
export function mayRepeat(error: unknown, isSafe: boolean): error is OctoStoreError {
  return isTransient(error) && (isSafe || wasWithoutEffect(error));
}

/** Whether trying again cannot help, with the same request or another one. */
export function isFinal(error: unknown): boolean {
  if (!(error instanceof OctoStoreError)) return true;
  // Another request gets another lease.
  if (isBroken(error)) return false;
  return FINAL.has(error.type) && error.status !== 429;
}

/** Whether someone else has ended a lease, which no attempt of our own can have done. */
export function isBroken(error: unknown): boolean {
  return error instanceof LeaseBrokenError;
}

/** Whether the server may have done it despite the error. Errors of other types are reasons of aborted signals. */
export function leavesUnknown(error: unknown): boolean {
  if (!(error instanceof OctoStoreError) || error instanceof TimeoutError) return true;
  if (error instanceof NetworkError || error instanceof UnavailableError) return !wasWithoutEffect(error);
  return error instanceof ServerError;
}

/** Whether another server may well answer the same request properly. */
export function isFaultOfServer(error: unknown): boolean {
  return (
    error instanceof NetworkError ||
    error instanceof TimeoutError ||
    error instanceof UnavailableError ||
    error instanceof ServerError
  );
}

/** Whether it is certain that the server has not begun with the request. */
function wasWithoutEffect(error: OctoStoreError): boolean {
  if (error instanceof NetworkError) return !error.wasSent;
  return error instanceof UnavailableError && NOTHING_DONE.has(error.code);
}

/** Whether the same request may well succeed a moment later. */
function isTransient(error: unknown): error is OctoStoreError {
  return (
    error instanceof NetworkError ||
    error instanceof TimeoutError ||
    error instanceof UnavailableError ||
    isNotUnderstood(error) ||
    isTooManyRequests(error)
  );
}

function isTooManyRequests(error: unknown): boolean {
  return error instanceof LimitError && error.status === 429;
}

function isNotUnderstood(error: unknown): boolean {
  return error instanceof ServerError && error.status !== undefined && error.status < 300;
}
