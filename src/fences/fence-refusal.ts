import type { StaleFencingToken, TokenNotIssued } from '../core/model/fence.js';
import type { FenceRefusal } from '../core/model/outcome.js';
import { OctoStoreError } from '../errors/octostore-error.js';

/** How long to wait before a retry if a limit of the server has been reached. */
const LIMIT_RETRY_AFTER_MS = 1000;

/** The error for a token that does not pass, or for a fence that is not created. */
export function fenceRefusal(refusal: StaleFencingToken | TokenNotIssued | FenceRefusal): OctoStoreError {
  switch (refusal.kind) {
    case 'stale_fencing_token':
      return new OctoStoreError(refusal.kind, { body: { highest: refusal.highest } });
    case 'token_not_issued':
      return new OctoStoreError('validation_failed', {
        details: `fencing_token must be a token that was issued. The last one is ${refusal.lastIssued}.`,
      });
    case 'fence_limit_exceeded':
      return new OctoStoreError(refusal.kind, { details: `The limit is ${refusal.limit} fences.` });
    case 'too_many_fences':
      return new OctoStoreError(refusal.kind, {
        details: `The limit for all users together is ${refusal.limit} fences.`,
        retryAfterMs: LIMIT_RETRY_AFTER_MS,
      });
    default:
      return unreachable(refusal);
  }
}

function unreachable(refusal: never): never {
  throw new Error(`unexpected answer: ${JSON.stringify(refusal)}`);
}
