import type { DatabaseUrl } from '../config/database-url.js';
import { SqliteLocation } from './sqlite-location.js';

/** Where the database of an installation is. `engine` discriminates; there is only one engine so far. */
export type DatabaseLocation = SqliteLocation;

/** Finds the database that `DATABASE_URL` names. It need not be there yet. Throws `UnusableFileError`. */
export function locateDatabase(url: DatabaseUrl): Promise<DatabaseLocation> {
  return SqliteLocation.find(url.path);
}
