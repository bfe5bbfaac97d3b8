import type { DatabaseLocation } from '../../installation/database-location.js';
import { UnusableFileError } from '../../installation/unusable-file-error.js';
import { databaseFileAt } from '../../journal/database-file-at.js';

/**
 * Refuses to go on where no server has ever run: most likely this is another folder than the server's, and what a command did
 * to a database of its own there would be of no use. Throws `UnusableFileError`.
 */
export function requireDatabase(location: DatabaseLocation): void {
  if (databaseFileAt(location).exists()) return;
  throw new UnusableFileError(
    `There is no database at ${nameOf(location)}. Run this command in the folder in which the server is started, ` +
      'or name its database with --database. The server makes the database when it starts for the first time.',
  );
}

function nameOf({ path, given }: DatabaseLocation): string {
  return path === given ? path : `${path}, where ${given} leads`;
}
