import { OctoStoreError } from './octostore-error.js';

/**
 * The header of an answer to a request that certainly had no effect. A standby that gets it from the leader sends the request
 * to the next leader, whatever it asks for.
 */
export const UNSERVED_HEADER = 'Octostore-Unserved';

const RETRY_AFTER_MS = 1000;

/** The refusal of a request that certainly had no effect, because this server does not lead, or not for long. */
export function unserved(code: 'no_leader' | 'shutting_down'): OctoStoreError {
  return new OctoStoreError(code, { retryAfterMs: RETRY_AFTER_MS, headers: { [UNSERVED_HEADER]: '1' } });
}
