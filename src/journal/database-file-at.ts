import type { SqliteLocation } from '../installation/sqlite-location.js';
import type { DatabaseFile } from './database-file.js';
import { SqliteFile } from './sqlite/sqlite-file.js';

/** The database file at a location. Does not connect to it. */
export function databaseFileAt(location: SqliteLocation): DatabaseFile {
  return new SqliteFile(location);
}
