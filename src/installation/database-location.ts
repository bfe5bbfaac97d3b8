import type { DatabaseUrl } from '../config/database-url.js';
import { SqliteLocation } from './sqlite-location.js';

/** Where an installation's database is. `engine` tells the kinds apart. For now there is only one. */
export type DatabaseLocation = SqliteLocation;

/** Finds the database that `DATABASE_URL` names. It need not exist yet. Throws `UnusableFileError`. */
export function locateDatabase(url: DatabaseUrl): Promise<DatabaseLocation> {
  return SqliteLocation.find(url.path);
}
