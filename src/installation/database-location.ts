import type { DatabaseUrl } from '../config/database-url.js';
import { PostgresLocation } from './postgres-location.js';
import { SqliteLocation } from './sqlite-location.js';

/** Where an installation's database is. `engine` tells the kinds apart. */
export type DatabaseLocation = SqliteLocation | PostgresLocation;

/** Finds the database that `DATABASE_URL` names. It need not exist yet. Throws `UnusableFileError`. */
export async function locateDatabase(url: DatabaseUrl): Promise<DatabaseLocation> {
  if (url.engine === 'sqlite') return SqliteLocation.find(url.path);
  return new PostgresLocation(url, () => Promise.resolve(url.password));
}
