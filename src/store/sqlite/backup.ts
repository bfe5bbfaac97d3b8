import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { inspect, UnusableFileError, withDatabaseFile, type FileSummary } from './database-file.js';
import { moveDurably } from './durable-files.js';

/**
 * Writes a consistent, verified copy of a database while a server uses it or not. A backup that is interrupted leaves
 * nothing under `target`, and one that exists is never overwritten. Throws `UnusableFileError`.
 */
export async function backUpDatabase(databasePath: string, target: string): Promise<FileSummary> {
  if (!existsSync(databasePath)) throw new UnusableFileError(`There is no database at ${databasePath}.`);
  if (existsSync(target)) throw new UnusableFileError(`${target} exists already. Choose another name.`);
  const unfinished = `${target}.unfinished`;
  await rm(unfinished, { force: true });
  await withDatabaseFile(databasePath, async (database) => {
    // A backup only reads: checkpoints stay the server's business.
    await database.execute('pragma wal_autocheckpoint = 0');
    await database.run('vacuum into ?', [unfinished]);
  });
  const summary = await withDatabaseFile(unfinished, (copy) => inspect(copy, target));
  await moveDurably(unfinished, target);
  return summary;
}
