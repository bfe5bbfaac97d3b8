import type { Config } from '../config/config.js';
import { backUpDatabase } from '../store/sqlite/backup.js';

/** `octostore backup FILE` */
export async function backUp(config: Config, file: string): Promise<void> {
  const { lastFencingToken, writtenAtMs } = await backUpDatabase(config.DATABASE_URL, file);
  process.stdout.write(
    `Backed up ${config.DATABASE_URL} to ${file}: verified, last written ${new Date(writtenAtMs).toISOString()}, ` +
      `highest fencing token ${lastFencingToken}.\n`,
  );
  if (config.SECRET_KEY === undefined) {
    process.stdout.write(
      `The key that webhook secrets are encrypted with is not in it. Keep a copy of ${config.DATABASE_URL}.key elsewhere.\n`,
    );
  }
}
