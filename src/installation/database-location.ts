import type { DatabaseUrl } from '../config/database-url.js';
import { readDatabasePassword } from './database-password.js';
import { PostgresLocation } from './postgres-location.js';
import { SqliteLocation } from './sqlite-location.js';

/** Where an installation's database is. `engine` tells the kinds apart. */
export type DatabaseLocation = SqliteLocation | PostgresLocation;

/**
 * Finds the database that `DATABASE_URL` names. It need not exist yet. Throws `UnusableFileError`.
 *
 * @param passwordFile a file with the password, which is read again for each connection. Only for PostgreSQL.
 */
export async function locateDatabase(url: DatabaseUrl, passwordFile?: string): Promise<DatabaseLocation> {
  if (url.engine === 'sqlite') return SqliteLocation.find(url.path);
  const password =
    passwordFile === undefined
      ? () => Promise.resolve(url.password)
      : () => readDatabasePassword(passwordFile);
  return new PostgresLocation(url, password);
}
