import { constants, existsSync, statSync } from 'node:fs';
import { chmod, copyFile, link, rename, rm } from 'node:fs/promises';
import { LAST_NUMBER } from '../../core/model/limits.js';
import type { SqliteLocation } from '../../installation/sqlite-location.js';
import { giveToOwnerOfDatabase } from '../../installation/ownership.js';
import { truePath } from '../../installation/true-path.js';
import { UnusableFileError } from '../../installation/unusable-file-error.js';
import { isWithoutHardLinks, moveDurably } from '../../installation/durable-files.js';
import type { FileSummary, Restored } from '../database-file.js';
import { inspect, removeDatabase, verify, withDatabaseFile } from './database-file.js';
import { checkAreFiles, checkFolder, checkIsFile, checkMayRead } from './file-checks.js';
import { ProcessLock } from './process-lock.js';
import type { RawDatabase } from './raw-database.js';

/** More grants or events than any server makes in a second. */
const NUMBERS_PER_SECOND_MAX = 1_000_000;

/** Time that counts: a clock that is decades off must not use up the numbers there are. */
const SECONDS_MAX = 10 * 366 * 24 * 3600;

/** Added whatever the clocks say: they may have been wrong when the backup was made, or be wrong now. */
const NUMBERS_SKIPPED_MIN = 2 ** 32;

/**
 * Puts a backup in the place of the database of a stopped server. Symbolic links that lead to the database stay.
 *
 * A backup knows nothing of what was granted after it was made. So the restored server goes on with fencing tokens and
 * event numbers far above any that can have been issued, and every lease and session in the backup ends at the first start.
 * Throws `DatabaseInUseError`, `UnusableFileError` and `NewerSchemaError`, all before anything is changed.
 *
 * @param nowMs the wall-clock time, in milliseconds since 1970.
 */
export async function restoreDatabase(
  backupPath: string,
  location: SqliteLocation,
  nowMs: number,
): Promise<Restored> {
  if (!existsSync(backupPath)) throw new UnusableFileError(`There is no backup at ${backupPath}.`);
  if (isSameFile(backupPath, location.path)) {
    throw new UnusableFileError(`${backupPath} is the database itself, not a backup.`);
  }
  checkFolder(location.path);
  checkAreFiles(location);
  const processLock = await ProcessLock.acquire(location);
  try {
    await copyBackup(backupPath, location);
    const { backup, fencingToken } = await prepare(location, backupPath, nowMs);
    const previous = await setAside(location, nowMs);
    await moveDurably(location.restoring, location.path);
    return { backup, fencingToken, previous };
  } finally {
    await removeDatabase(location.restoring);
    await processLock.release();
  }
}

function isSameFile(one: string, other: string): boolean {
  if (!existsSync(other)) return false;
  const [a, b] = [statSync(one), statSync(other)];
  return a.dev === b.dev && a.ino === b.ino;
}

/** A backup that was made by copying files may have its newest changes in a log beside it. */
async function copyBackup(backupPath: string, location: SqliteLocation): Promise<void> {
  const from = await truePath(backupPath);
  await removeDatabase(location.restoring);
  for (const suffix of ['', '-wal']) {
    if (!existsSync(`${from}${suffix}`)) continue;
    checkIsFile(`${from}${suffix}`);
    checkMayRead(`${from}${suffix}`);
    const to = `${location.restoring}${suffix}`;
    await copyFile(`${from}${suffix}`, to, constants.COPYFILE_EXCL);
    // A copy has the mode of what it was made from.
    await chmod(to, 0o600);
    await giveToOwnerOfDatabase(location, to);
  }
}

async function prepare(
  { restoring, path }: SqliteLocation,
  backupPath: string,
  nowMs: number,
): Promise<{ backup: FileSummary; fencingToken: number }> {
  const backup = await withDatabaseFile(restoring, (database) => verify(database, backupPath));
  const present = existsSync(path) ? await inspectPresent(path) : null;
  const skipped = NUMBERS_SKIPPED_MIN + secondsSince(backup, nowMs) * NUMBERS_PER_SECOND_MAX;
  const fencingToken = Math.max(backup.lastFencingToken, present?.lastFencingToken ?? 0) + skipped;
  const sequence = Math.max(backup.lastSequence, present?.lastSequence ?? 0) + skipped;
  expectNumbersLeft(fencingToken, sequence);
  await withDatabaseFile(restoring, (database) => beginNewHistory(database, fencingToken, sequence));
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
async function setAside(location: SqliteLocation, nowMs: number): Promise<string | null> {
  if (!existsSync(location.path)) return null;
  const previous = location.replacedAt(nowMs);
  await giveSecondName(location, previous);
  // Closing a sound database has emptied its log; what is left belongs to a damaged one and must not meet the new file.
  if (existsSync(location.writeAheadLog)) await rename(location.writeAheadLog, `${previous}-wal`);
  await rm(location.sharedMemory, { force: true });
  return previous;
}

async function giveSecondName(location: SqliteLocation, name: string): Promise<void> {
  try {
    await link(location.path, name);
  } catch (error) {
    if (!isWithoutHardLinks(error)) throw error;
    await copyFile(location.path, name, constants.COPYFILE_EXCL);
    await giveToOwnerOfDatabase(location, name);
  }
}
