import type {
  Acquired,
  AlreadyHeld,
  Conflict,
  LeaseBroken,
  TooManyLocks,
  TooManyWaiters,
} from '../../core/model/outcome.js';
import { OctoStoreError } from '../../errors/octostore-error.js';
import type { WaitAnswer } from '../../store/wait/waiting-clients.js';

/** An answer other than a lease, a conflict or a broken lease. */
export type Refusal = Exclude<WaitAnswer, Acquired | AlreadyHeld | Conflict | LeaseBroken>;

/** How long to wait before a retry if a limit of the server has been reached. */
const LIMIT_RETRY_AFTER_MS = 1000;

/** The error for an acquire that was refused. */
export function refusalOf(refusal: Refusal): OctoStoreError {
  switch (refusal.kind) {
    case 'lock_limit_exceeded':
      return new OctoStoreError('lock_limit_exceeded', { details: `The limit is ${refusal.limit} locks.` });
    case 'too_many_locks':
    case 'too_many_waiters':
      return overLimit(refusal);
    case 'lease_mismatch':
    case 'numbers_exhausted':
    case 'session_not_found':
    case 'session_expired':
      return new OctoStoreError(refusal.kind);
    case 'abandoned':
      // Usually no one receives this response, because the connection has closed.
      return new OctoStoreError('request_timeout', {
        details: 'You closed your half of the connection, so the wait ended. Keep it open while you wait.',
      });
    default:
      return unreachable(refusal);
  }
}

/** The error for a limit that other users may have reached, or that may soon have room again. */
function overLimit(refusal: TooManyLocks | TooManyWaiters): OctoStoreError {
  return new OctoStoreError(refusal.kind, {
    details: detailsOf(refusal),
    retryAfterMs: LIMIT_RETRY_AFTER_MS,
  });
}

function detailsOf(refusal: TooManyLocks | TooManyWaiters): string {
  if (refusal.kind === 'too_many_locks') return `The limit for all users together is ${refusal.limit} locks.`;
  if (refusal.of === 'user') return `The limit per user is ${refusal.limit} waiting requests.`;
  return `The limit for all users together is ${refusal.limit} waiting requests.`;
}

function unreachable(refusal: never): never {
  throw new Error(`unexpected answer: ${JSON.stringify(refusal)}`);
}
