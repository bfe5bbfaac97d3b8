import type { Config } from '../../config/config.js';
import { keyFileOf } from '../../secrets/key-file.js';
import { locateDatabase } from '../../installation/database-location.js';
import { databaseFileAt } from '../../journal/database-file-at.js';
import { requireDatabase } from './require-database.js';

/** `octostore backup FILE` */
export async function backUp(config: Config, file: string): Promise<void> {
  const location = await locateDatabase(config.DATABASE_URL);
  requireDatabase(location);
  const { lastFencingToken, writtenAtMs } = await databaseFileAt(location).backUp(file);
  process.stdout.write(
    `Backed up ${location.path} to ${file}: verified, last written ${new Date(writtenAtMs).toISOString()}, ` +
      `highest fencing token ${lastFencingToken}.\n`,
  );
  if (config.SECRET_KEY === undefined) {
    process.stdout.write(
      `The backup does not contain the key that encrypts webhook secrets and the keys for proofs. Keep a copy of ${keyFileOf(location)} elsewhere.\n`,
    );
  }
}
