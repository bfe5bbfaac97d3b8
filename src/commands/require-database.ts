import { existsSync, statSync } from 'node:fs';
import type { DatabaseLocation } from '../installation/database-location.js';
import { UnusableFileError } from '../installation/unusable-file-error.js';
import { DatabaseInUseError, ProcessLock } from '../store/sqlite/process-lock.js';

/**
 * Refuses to go on where no server has ever run: most likely this is another folder than the server's, and what a command did
 * to a database of its own there would be of no use. Makes nothing. Throws `UnusableFileError`.
 */
export async function requireDatabase(location: DatabaseLocation): Promise<void> {
  const size = statSync(location.path, { throwIfNoEntry: false })?.size ?? 0;
  if (size > 0 || (await isServerStarting(location))) return;
  throw new UnusableFileError(
    `There is no database at ${nameOf(location)}. Run this command in the folder in which the server is started, ` +
      'or name its database with --database. The server makes the database when it starts for the first time.',
  );
}

/** A server has the lock before it makes its database. */
async function isServerStarting(location: DatabaseLocation): Promise<boolean> {
  if (!existsSync(location.processLock)) return false;
  try {
    await ProcessLock.probe(location);
    return false;
  } catch (error) {
    if (error instanceof DatabaseInUseError) return true;
    throw error;
  }
}

function nameOf({ path, given }: DatabaseLocation): string {
  return path === given ? path : `${path}, where ${given} leads`;
}
