import { existsSync, lstatSync } from 'node:fs';
import type { DatabaseLocation } from '../../installation/database-location.js';
import { giveToOwnerOfFolder } from '../../installation/ownership.js';
import { UnusableFileError } from '../../installation/unusable-file-error.js';
import { checkFolder, inspect, removeDatabase, withDatabaseFile, type FileSummary } from './database-file.js';
import { placeDurably } from './durable-files.js';

/**
 * Writes a consistent, verified copy of a database while a server uses it or not. A backup that is interrupted leaves
 * nothing under `target`, and one that exists is never overwritten. What root writes is given to the owner of the folder.
 * Throws `UnusableFileError`.
 */
export async function backUpDatabase({ path }: DatabaseLocation, target: string): Promise<FileSummary> {
  if (!existsSync(path)) throw new UnusableFileError(`There is no database at ${path}.`);
  if (isTaken(target)) throw new UnusableFileError(`${target} exists already. Choose another name.`);
  checkFolder(target);
  const unfinished = `${target}.unfinished`;
  await removeDatabase(unfinished);
  try {
    await copyDatabase(path, unfinished);
    const summary = await withDatabaseFile(unfinished, (copy) => inspect(copy, path));
    await giveToOwnerOfFolder(unfinished);
    await placeDurably(unfinished, target);
    return summary;
  } finally {
    await removeDatabase(unfinished);
  }
}

/** A link that leads nowhere is something, too. */
function isTaken(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

async function copyDatabase(databasePath: string, target: string): Promise<void> {
  await withDatabaseFile(databasePath, async (database) => {
    // A backup only reads: checkpoints stay the server's business.
    await database.execute('pragma wal_autocheckpoint = 0');
    await database.run('vacuum into ?', [target]);
  });
}
