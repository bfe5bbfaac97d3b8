import { existsSync } from 'node:fs';
import {
  checkFolder,
  inspect,
  removeDatabase,
  UnusableFileError,
  withDatabaseFile,
  type FileSummary,
} from './database-file.js';
import { placeDurably } from './durable-files.js';

/**
 * Writes a consistent, verified copy of a database while a server uses it or not. A backup that is interrupted leaves
 * nothing under `target`, and one that exists is never overwritten. Throws `UnusableFileError`.
 */
export async function backUpDatabase(databasePath: string, target: string): Promise<FileSummary> {
  if (!existsSync(databasePath)) throw new UnusableFileError(`There is no database at ${databasePath}.`);
  if (existsSync(target)) throw new UnusableFileError(`${target} exists already. Choose another name.`);
  checkFolder(target);
  const unfinished = `${target}.unfinished`;
  await removeDatabase(unfinished);
  try {
    await copyDatabase(databasePath, unfinished);
    const summary = await withDatabaseFile(unfinished, (copy) => inspect(copy, databasePath));
    await placeDurably(unfinished, target);
    return summary;
  } finally {
    await removeDatabase(unfinished);
  }
}

async function copyDatabase(databasePath: string, target: string): Promise<void> {
  await withDatabaseFile(databasePath, async (database) => {
    // A backup only reads: checkpoints stay the server's business.
    await database.execute('pragma wal_autocheckpoint = 0');
    await database.run('vacuum into ?', [target]);
  });
}
