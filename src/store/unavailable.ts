import { OctoStoreError } from '../errors/octostore-error.js';

/** What callers are told of a failure after which the store has stopped. */
export function unavailable(cause: unknown): OctoStoreError {
  return cause instanceof OctoStoreError ? cause : new OctoStoreError('store_unavailable', { cause });
}
