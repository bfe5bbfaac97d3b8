import { SystemClock } from '../../../clock/system-clock.js';
import type { SharedDatabase } from '../../../journal/shared-database.js';
import { UsageError } from '../installation/usage-error.js';

const FILE_GIVEN =
  'OctoStore cannot read backups of PostgreSQL. Restore the database with pg_restore first, then run octostore restore without a FILE.';

/**
 * `octostore restore`
 *
 * @param name what messages call the database.
 */
export async function restore(
  database: SharedDatabase,
  name: string,
  file: string | undefined,
): Promise<void> {
  if (file !== undefined) throw new UsageError(FILE_GIVEN);
  const { fencingToken, writtenAtMs } = await database.declareRestored(new SystemClock());
  process.stdout.write(
    `${name} is now marked as restored from a backup, last written ${new Date(writtenAtMs).toISOString()}.\n` +
      `Fencing tokens continue above ${fencingToken}. All leases and sessions in the backup have ended.\n`,
  );
}
