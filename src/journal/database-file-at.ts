import type { DatabaseLocation } from '../installation/database-location.js';
import type { DatabaseFile } from './database-file.js';
import { SqliteFile } from './sqlite/sqlite-file.js';

/** The file that the database at a location is in, without connecting to it. */
export function databaseFileAt(location: DatabaseLocation): DatabaseFile {
  return new SqliteFile(location);
}
