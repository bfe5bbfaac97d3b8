import { SystemClock } from '../../clock/system-clock.js';
import type { Config } from '../../config/config.js';
import { DatabaseLocation } from '../../installation/database-location.js';
import { restoreDatabase } from '../../store/sqlite/restore.js';

/** `octostore restore FILE` */
export async function restore(config: Config, file: string): Promise<void> {
  const nowMs = new SystemClock().wallMs();
  const location = await DatabaseLocation.find(config.DATABASE_URL);
  const { backup, fencingToken, previous } = await restoreDatabase(file, location, nowMs);
  process.stdout.write(
    `Restored ${location.path} from ${file}, last written ${new Date(backup.writtenAtMs).toISOString()}.\n` +
      `Fencing tokens go on above ${fencingToken}; all leases and sessions in the backup have ended.\n`,
  );
  if (previous !== null) process.stdout.write(`The database that was there is now ${previous}.\n`);
}
