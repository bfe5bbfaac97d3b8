import { existsSync, lstatSync } from 'node:fs';
import type { SqliteLocation } from '../../installation/sqlite-location.js';
import { giveToOwnerOfFolder } from '../../installation/ownership.js';
import { UnusableFileError } from '../../installation/unusable-file-error.js';
import { placeDurably } from '../../installation/durable-files.js';
import type { FileSummary } from '../database-file.js';
import { checkFolder, removeDatabase, verify, withDatabaseFile } from './database-file.js';
import type { RawDatabase } from './raw-database.js';

const { signal: NEVER } = new AbortController();

/**
 * Writes a consistent, verified copy of a database, whether or not a server is using it. It never overwrites a file, and an
 * interrupted backup leaves nothing at `target`. A copy that root writes is given to the owner of the folder. Throws
 * `UnusableFileError`.
 *
 * @param signal aborts the backup, which then throws the signal's reason.
 */
export async function backUpDatabase(
  { path }: SqliteLocation,
  target: string,
  signal: AbortSignal = NEVER,
): Promise<FileSummary> {
  if (!existsSync(path)) throw new UnusableFileError(`There is no database at ${path}. Check DATABASE_URL.`);
  if (nameExists(target)) throw new UnusableFileError(`${target} already exists. Choose another name.`);
  checkFolder(target);
  const unfinished = `${target}.unfinished`;
  await removeDatabase(unfinished);
  try {
    await copyDatabase(path, unfinished, signal);
    const summary = await verifyCopy(unfinished, path, signal);
    await giveToOwnerOfFolder(unfinished);
    await placeDurably(unfinished, target);
    return summary;
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  } finally {
    await removeDatabase(unfinished);
  }
}

/** A link counts even if its target does not exist. */
function nameExists(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

async function copyDatabase(databasePath: string, target: string, signal: AbortSignal): Promise<void> {
  await withDatabaseFile(databasePath, async (database) => {
    // A backup must only read. The server does the checkpoints.
    await database.execute('pragma wal_autocheckpoint = 0');
    await unlessAborted(database, signal, () => database.run('vacuum into ?', [target]));
  });
}

function verifyCopy(copy: string, databasePath: string, signal: AbortSignal): Promise<FileSummary> {
  return withDatabaseFile(copy, (database) =>
    unlessAborted(database, signal, () => verify(database, databasePath)),
  );
}

async function unlessAborted<T>(
  database: RawDatabase,
  signal: AbortSignal,
  use: () => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const interrupt = (): void => database.interrupt();
  signal.addEventListener('abort', interrupt);
  try {
    return await use();
  } finally {
    signal.removeEventListener('abort', interrupt);
  }
}
