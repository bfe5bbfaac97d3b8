import { OctoStoreError } from '../errors/octostore-error.js';

/** The error that callers receive once a failure has stopped the store. */
export function unavailable(cause: unknown): OctoStoreError {
  return cause instanceof OctoStoreError ? cause : new OctoStoreError('store_unavailable', { cause });
}
