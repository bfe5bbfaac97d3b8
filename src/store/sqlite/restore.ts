import { constants, existsSync, statSync } from 'node:fs';
import { chmod, copyFile, link, rename, rm } from 'node:fs/promises';
import { LAST_NUMBER } from '../../core/limits.js';
import {
  checkFolder,
  inspect,
  migrationsOf,
  removeDatabase,
  UnusableFileError,
  withDatabaseFile,
  type FileSummary,
} from './database-file.js';
import { isWithoutHardLinks, moveDurably } from './durable-files.js';
import { ProcessLock } from './process-lock.js';
import type { RawDatabase } from './raw-database.js';
import { refuseNewerSchema } from './schema-version.js';

/** More grants or events than any server makes in a second. */
const NUMBERS_PER_SECOND_MAX = 1_000_000;

/** Time that counts: a clock that is decades off must not use up the numbers there are. */
const SECONDS_MAX = 10 * 366 * 24 * 3600;

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
 * Throws `DatabaseInUseError`, `UnusableFileError` and `NewerSchemaError`, all before anything is changed.
 *
 * @param nowMs the wall-clock time, in milliseconds since 1970.
 */
export async function restoreDatabase(
  backupPath: string,
  databasePath: string,
  nowMs: number,
): Promise<Restored> {
  if (!existsSync(backupPath)) throw new UnusableFileError(`There is no backup at ${backupPath}.`);
  if (isSameFile(backupPath, databasePath)) {
    throw new UnusableFileError(`${backupPath} is the database itself, not a backup.`);
  }
  checkFolder(databasePath);
  const processLock = await ProcessLock.acquire(databasePath);
  const prepared = `${databasePath}.restoring`;
  try {
    await copyDatabaseFiles(backupPath, prepared);
    const { backup, fencingToken } = await prepare(prepared, backupPath, databasePath, nowMs);
    const previous = await setAside(databasePath, nowMs);
    await moveDurably(prepared, databasePath);
    return { backup, fencingToken, previous };
  } finally {
    await removeDatabase(prepared);
    await processLock.release();
  }
}

function isSameFile(one: string, other: string): boolean {
  if (!existsSync(other)) return false;
  const [a, b] = [statSync(one), statSync(other)];
  return a.dev === b.dev && a.ino === b.ino;
}

/** A backup that was made by copying files may have its newest changes in a log beside it. */
async function copyDatabaseFiles(from: string, to: string): Promise<void> {
  await removeDatabase(to);
  for (const suffix of ['', '-wal']) {
    if (!existsSync(`${from}${suffix}`)) continue;
    await copyFile(`${from}${suffix}`, `${to}${suffix}`);
    // A copy has the mode of what it was made from.
    await chmod(`${to}${suffix}`, 0o600);
  }
}

async function prepare(
  prepared: string,
  backupPath: string,
  databasePath: string,
  nowMs: number,
): Promise<{ backup: FileSummary; fencingToken: number }> {
  const backup = await withDatabaseFile(prepared, (database) => inspectBackup(database, backupPath));
  const present = existsSync(databasePath) ? await inspectPresent(databasePath) : null;
  const skipped = NUMBERS_SKIPPED_MIN + secondsSince(backup, nowMs) * NUMBERS_PER_SECOND_MAX;
  const fencingToken = Math.max(backup.lastFencingToken, present?.lastFencingToken ?? 0) + skipped;
  const sequence = Math.max(backup.lastSequence, present?.lastSequence ?? 0) + skipped;
  expectNumbersLeft(fencingToken, sequence);
  await withDatabaseFile(prepared, (database) => beginNewHistory(database, fencingToken, sequence));
  return { backup, fencingToken };
}

function expectNumbersLeft(fencingToken: number, sequence: number): void {
  if (Math.max(fencingToken, sequence) <= LAST_NUMBER) return;
  throw new UnusableFileError(
    `The restored server would have to go on above fencing token ${fencingToken} and event ${sequence}, beyond ` +
      `${LAST_NUMBER}, the last number that there is. Nothing was changed. See "When the numbers run out" in ` +
      'docs/operations.md.',
  );
}

async function inspectBackup(database: RawDatabase, backupPath: string): Promise<FileSummary> {
  const summary = await inspect(database, backupPath);
  refuseNewerSchema((await migrationsOf(database)) ?? [], backupPath);
  return summary;
}

function secondsSince({ writtenAtMs }: FileSummary, nowMs: number): number {
  return Math.min(SECONDS_MAX, Math.max(0, Math.ceil((nowMs - writtenAtMs) / 1000)));
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
  await giveSecondName(databasePath, previous);
  // Closing a sound database has emptied its log; what is left belongs to a damaged one and must not meet the new file.
  if (existsSync(`${databasePath}-wal`)) await rename(`${databasePath}-wal`, `${previous}-wal`);
  await rm(`${databasePath}-shm`, { force: true });
  return previous;
}

async function giveSecondName(path: string, name: string): Promise<void> {
  try {
    await link(path, name);
  } catch (error) {
    if (!isWithoutHardLinks(error)) throw error;
    await copyFile(path, name, constants.COPYFILE_EXCL);
  }
}
