import { SystemClock } from '../../clock/system-clock.js';
import type { Config } from '../../config/config.js';
import { locateDatabase } from '../../installation/database-location.js';
import { databaseFileAt } from '../../journal/database-file-at.js';

/** `octostore restore FILE` */
export async function restore(config: Config, file: string): Promise<void> {
  const nowMs = new SystemClock().wallMs();
  const location = await locateDatabase(config.DATABASE_URL);
  const { backup, fencingToken, previous } = await databaseFileAt(location).restore(file, nowMs);
  process.stdout.write(
    `Restored ${location.path} from ${file}, last written ${new Date(backup.writtenAtMs).toISOString()}.\n` +
      `Fencing tokens continue above ${fencingToken}. All leases and sessions in the backup have ended.\n`,
  );
  if (previous !== null) process.stdout.write(`The previous database is now ${previous}.\n`);
}
