import { OctoStoreError } from '../errors/octostore-error.js';

/** The error that callers receive once a failure has stopped the store. */
export function unavailable(cause: unknown): OctoStoreError {
  return cause instanceof OctoStoreError ? cause : new OctoStoreError('store_unavailable', { cause });
}

/** How long a client should wait before it asks again while the database does not answer, in milliseconds. */
const RETRY_AFTER_MS = 1000;

/** The error that callers receive while the database does not answer. */
export function notAnswering(): OctoStoreError {
  return new OctoStoreError('store_unavailable', { retryAfterMs: RETRY_AFTER_MS });
}

/** Whether an error says that a change may have been made. */
export function isOutcomeUnknown(error: unknown): boolean {
  if (!(error instanceof OctoStoreError)) return false;
  return error.code === 'store_unavailable' || error.code === 'outcome_unknown';
}
