import { existsSync, lstatSync } from 'node:fs';
import type { SqliteLocation } from '../../installation/sqlite-location.js';
import { giveToOwnerOfFolder } from '../../installation/ownership.js';
import { UnusableFileError } from '../../installation/unusable-file-error.js';
import { placeDurably } from '../../installation/durable-files.js';
import type { FileSummary } from '../database-file.js';
import { tellDamage } from './damage.js';
import { removeDatabase, verify, withDatabaseFile } from './database-file.js';
import { checkAreFiles, checkFolder, checkMayRead } from './file-checks.js';
import type { RawDatabase } from './raw-database.js';

const { signal: NEVER } = new AbortController();

/**
 * Writes a consistent, verified copy of a database while a server uses it or not. A backup that is interrupted leaves
 * nothing under `target`, and one that exists is never overwritten. What root writes is given to the owner of the folder.
 * Throws `UnusableFileError`.
 *
 * @param signal ends it early. It then throws the reason of the signal.
 */
export async function backUpDatabase(
  location: SqliteLocation,
  target: string,
  signal: AbortSignal = NEVER,
): Promise<FileSummary> {
  const { path } = location;
  if (!existsSync(path)) throw new UnusableFileError(`There is no database at ${path}.`);
  checkAreFiles(location);
  checkMayRead(path);
  if (isTaken(target)) throw new UnusableFileError(`${target} exists already. Choose another name.`);
  checkFolder(target);
  const unfinished = `${target}.unfinished`;
  await removeDatabase(unfinished);
  try {
    await tellDamage(path, () => copyDatabase(path, unfinished, signal));
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

/** A link that leads nowhere is something, too. */
function isTaken(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

async function copyDatabase(databasePath: string, target: string, signal: AbortSignal): Promise<void> {
  await withDatabaseFile(databasePath, async (database) => {
    // A backup only reads: checkpoints stay the server's business.
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
