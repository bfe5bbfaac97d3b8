import { existsSync } from 'node:fs';
import { copyFile, link, rename, rm } from 'node:fs/promises';
import { inspect, UnusableFileError, withDatabaseFile, type FileSummary } from './database-file.js';
import { moveDurably } from './durable-files.js';
import { ProcessLock } from './process-lock.js';
import type { RawDatabase } from './raw-database.js';

/** More grants or events than any server makes in a second. */
const NUMBERS_PER_SECOND_MAX = 1_000_000;

/** Added whatever the clocks say: they may have been wrong when the backup was made, or be wrong now. */
const NUMBERS_SKIPPED_MIN = 2 ** 32;

export interface Restored {
  readonly backup: FileSummary;
  /** The fencing token above which the restored server goes on. */
  readonly fencingToken: number;
  /** Where the database that was replaced is now; null if there was none. */
  readonly previous: string | null;
}

/**
 * Puts a backup in the place of the database of a stopped server.
 *
 * A backup knows nothing of what was granted after it was made. So the restored server goes on with fencing tokens and
 * event numbers far above any that can have been issued, and every lease and session in the backup ends at the first start.
 * Throws `DatabaseInUseError` and `UnusableFileError`, both before anything is changed.
 *
 * @param nowMs the wall-clock time, in milliseconds since 1970.
 */
export async function restoreDatabase(
  backupPath: string,
  databasePath: string,
  nowMs: number,
): Promise<Restored> {
  if (!existsSync(backupPath)) throw new UnusableFileError(`There is no backup at ${backupPath}.`);
  const processLock = await ProcessLock.acquire(databasePath);
  try {
    const prepared = `${databasePath}.restoring`;
    await removeDatabase(prepared);
    await copyFile(backupPath, prepared);
    const backup = await withDatabaseFile(prepared, (database) => inspect(database, backupPath));
    const present = existsSync(databasePath) ? await inspectPresent(databasePath) : null;
    const skipped = NUMBERS_SKIPPED_MIN + secondsSince(backup, nowMs) * NUMBERS_PER_SECOND_MAX;
    const fencingToken = Math.max(backup.lastFencingToken, present?.lastFencingToken ?? 0) + skipped;
    const sequence = Math.max(backup.lastSequence, present?.lastSequence ?? 0) + skipped;
    await withDatabaseFile(prepared, (database) => beginNewHistory(database, fencingToken, sequence));
    const previous = await setAside(databasePath, nowMs);
    await moveDurably(prepared, databasePath);
    return { backup, fencingToken, previous };
  } finally {
    await processLock.release();
  }
}

function secondsSince({ writtenAtMs }: FileSummary, nowMs: number): number {
  return Math.max(0, Math.ceil((nowMs - writtenAtMs) / 1000));
}

/** The numbers of the database that is there now are worth knowing, but it may be the damaged one that is to be replaced. */
async function inspectPresent(databasePath: string): Promise<FileSummary | null> {
  try {
    return await withDatabaseFile(databasePath, (database) => inspect(database, databasePath));
  } catch (error) {
    if (error instanceof UnusableFileError) return null;
    throw error;
  }
}

async function beginNewHistory(database: RawDatabase, fencingToken: number, sequence: number): Promise<void> {
  await database.execute('pragma journal_mode = delete');
  await database.execute('begin immediate');
  await database.run(
    'update server set last_fencing_token = ?, last_sequence = ?, restored_at = ?, boot_id = null',
    [fencingToken, sequence, sequence],
  );
  // What has passed its deadline is ended by the first sweep, which also tells watchers and webhooks.
  await database.execute('update leases set deadline = 0');
  await database.execute("update sessions set deadline = 0 where state = 'active'");
  await database.execute('commit');
}

/** Keeps the replaced database under another name. At every instant there is a database in its place. */
async function setAside(databasePath: string, nowMs: number): Promise<string | null> {
  if (!existsSync(databasePath)) return null;
  const previous = `${databasePath}.before-restore-${nowMs}`;
  await link(databasePath, previous);
  // Closing a sound database has emptied its log; what is left belongs to a damaged one and must not meet the new file.
  if (existsSync(`${databasePath}-wal`)) await rename(`${databasePath}-wal`, `${previous}-wal`);
  await rm(`${databasePath}-shm`, { force: true });
  return previous;
}

async function removeDatabase(path: string): Promise<void> {
  for (const suffix of ['', '-wal', '-shm', '-journal']) await rm(`${path}${suffix}`, { force: true });
}
