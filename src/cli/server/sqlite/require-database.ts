import type { SqliteLocation } from '../../../installation/sqlite-location.js';
import { UnusableFileError } from '../../../installation/unusable-file-error.js';
import { databaseFileAt } from '../../../journal/database-file-at.js';

/**
 * Throws `UnusableFileError` if there is no database. Most likely the command was run in the wrong folder, so creating a database
 * there would not help.
 */
export function requireDatabase(location: SqliteLocation): void {
  if (databaseFileAt(location).exists()) return;
  throw new UnusableFileError(
    `There is no database at ${nameOf(location)}. The server creates it when it first starts. ` +
      'Run this command in the folder where the server is started, or name its database with --database.',
  );
}

function nameOf({ path, given }: SqliteLocation): string {
  return path === given ? path : `${path}, which ${given} links to`;
}
