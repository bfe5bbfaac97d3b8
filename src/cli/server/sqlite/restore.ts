import { SystemClock } from '../../../clock/system-clock.js';
import type { SqliteLocation } from '../../../installation/sqlite-location.js';
import { databaseFileAt } from '../../../journal/database-file-at.js';
import { UsageError } from '../installation/usage-error.js';

/** `octostore restore FILE` */
export async function restore(location: SqliteLocation, file: string | undefined): Promise<void> {
  if (file === undefined) {
    throw new UsageError(
      'The database is a SQLite file, so a backup must take its place. Name the backup: octostore restore FILE.',
    );
  }
  const nowMs = new SystemClock().wallMs();
  const { backup, fencingToken, previous } = await databaseFileAt(location).restore(file, nowMs);
  process.stdout.write(
    `Restored ${location.path} from ${file}, last written ${new Date(backup.writtenAtMs).toISOString()}.\n` +
      `Fencing tokens continue above ${fencingToken}. All leases and sessions in the backup have ended.\n`,
  );
  if (previous !== null) process.stdout.write(`The previous database is now ${previous}.\n`);
}
