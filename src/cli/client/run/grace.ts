import { marginMs } from '@octostore/client';
import { EXIT } from '../../shared/exit-codes.js';
import { CommandFailure } from '../failure.js';

const GRACE_FRACTION = 1 / 6;
const GRACE_MS_MAX_BY_DEFAULT = 10_000;

const WINDOWS_NOT_SUPPORTED =
  'On Windows no command can run under a lock, because it has no process groups to stop in time. Use another system.';

/**
 * Milliseconds from SIGTERM to SIGKILL when renewals fail. At least half of the TTL must be left for renewals, because the
 * first is sent after a third of it and its answer takes time. Throws `CommandFailure` if less would be left.
 */
export function graceMsOf(graceSeconds: number | undefined, ttlMs: number): number {
  if (process.platform === 'win32') throw new CommandFailure(WINDOWS_NOT_SUPPORTED, EXIT.cannotRun);
  if (graceSeconds === undefined) return Math.min(GRACE_MS_MAX_BY_DEFAULT, ttlMs * GRACE_FRACTION);
  const graceMs = graceSeconds * 1000;
  const maxMs = ttlMs / 2 - marginMs(ttlMs);
  if (graceMs <= maxMs) return graceMs;
  throw new CommandFailure(
    `A grace of ${graceSeconds} s leaves no time for renewals within a TTL of ${ttlMs / 1000} s. ` +
      `Give at most ${maxMs / 1000} s, or a longer TTL.`,
    EXIT.usage,
  );
}
