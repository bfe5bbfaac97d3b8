import type { Config } from '../../../config/config.js';
import type { SqliteLocation } from '../../../installation/sqlite-location.js';
import { databaseFileAt } from '../../../journal/database-file-at.js';
import { keyFileOf } from '../../../secrets/key-file.js';
import { requireDatabase } from './require-database.js';

/** `octostore backup FILE` */
export async function backUp(config: Config, location: SqliteLocation, file: string): Promise<void> {
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
