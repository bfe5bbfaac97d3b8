import type { DatabaseLocation } from '../installation/database-location.js';
import type { DatabaseFile } from './database-file.js';
import { SqliteFile } from './sqlite/sqlite-file.js';

/** The database file at a location. Does not connect to it. */
export function databaseFileAt(location: DatabaseLocation): DatabaseFile {
  return new SqliteFile(location);
}
