import { constants, existsSync, statSync } from 'node:fs';
import { chmod, copyFile, link, rename, rm } from 'node:fs/promises';
import { LAST_NUMBER } from '../../core/model/limits.js';
import type { SqliteLocation } from '../../installation/sqlite-location.js';
import { giveToOwnerOfDatabase } from '../../installation/ownership.js';
import { resolveLinks } from '../../installation/resolve-links.js';
import { UnusableFileError } from '../../installation/unusable-file-error.js';
import { isWithoutHardLinks, moveDurably } from '../../installation/durable-files.js';
import type { FileSummary, Restored } from '../database-file.js';
import { numberAfterLoss, NUMBERS_SKIPPED_MIN } from '../skipped-numbers.js';
import { inspect, removeDatabase, verify, withDatabaseFile } from './database-file.js';
import { checkAreFiles, checkFolder, checkIsFile, checkMayRead } from './file-checks.js';
import { ProcessLock } from './process-lock.js';
import type { RawDatabase } from './raw-database.js';

/**
 * Replaces the database of a stopped server with a backup. Symbolic links to the database stay in place.
 *
 * A backup does not know what was granted after it was made. So the restored server continues with fencing tokens and
 * sequences far above any that can have been issued, every lease and session in the backup ends when the server starts, and
 * every fence refuses all earlier tokens.
 * Throws `DatabaseInUseError`, `UnusableFileError` and `NewerSchemaError`, all before it changes anything.
 *
 * @param nowMs the wall-clock time, in milliseconds since 1970.
 */
export async function restoreDatabase(
  backupPath: string,
  location: SqliteLocation,
  nowMs: number,
): Promise<Restored> {
  if (!existsSync(backupPath))
    throw new UnusableFileError(`There is no backup at ${backupPath}. Check the path.`);
  if (isSameFile(backupPath, location.path)) {
    throw new UnusableFileError(`${backupPath} is the database itself. Use a backup.`);
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

/** If a backup was made by copying files, its latest changes may be in a log beside it. */
async function copyBackup(backupPath: string, location: SqliteLocation): Promise<void> {
  const from = await resolveLinks(backupPath);
  await removeDatabase(location.restoring);
  for (const suffix of ['', '-wal']) {
    if (!existsSync(`${from}${suffix}`)) continue;
    checkIsFile(`${from}${suffix}`);
    checkMayRead(`${from}${suffix}`);
    const to = `${location.restoring}${suffix}`;
    await copyFile(`${from}${suffix}`, to, constants.COPYFILE_EXCL);
    // A copy has the mode of the original.
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
  const current = existsSync(path) ? await inspectCurrent(path) : null;
  const loss = { writtenAtMs: backup.writtenAtMs, nowMs, skipsAtLeast: NUMBERS_SKIPPED_MIN };
  const fencingToken = numberAfterLoss(
    Math.max(backup.lastFencingToken, current?.lastFencingToken ?? 0),
    loss,
  );
  const sequence = numberAfterLoss(Math.max(backup.lastSequence, current?.lastSequence ?? 0), loss);
  assertNumbersLeft(fencingToken, sequence);
  await withDatabaseFile(restoring, (database) => skipNumbersAndEndLeases(database, fencingToken, sequence));
  return { backup, fencingToken };
}

function assertNumbersLeft(fencingToken: number, sequence: number): void {
  if (Math.max(fencingToken, sequence) <= LAST_NUMBER) return;
  throw new UnusableFileError(
    `The backup cannot be restored: the server would continue above fencing token ${fencingToken} and event ${sequence}, ` +
      `but the last number is ${LAST_NUMBER}. Nothing was changed. See "When the numbers run out" in ` +
      'docs/operations.md.',
  );
}

/**
 * The current database may have higher numbers than the backup. It may also be damaged, which is often why it is being
 * replaced.
 */
async function inspectCurrent(databasePath: string): Promise<FileSummary | null> {
  try {
    return await withDatabaseFile(databasePath, (database) => inspect(database, databasePath));
  } catch (error) {
    if (error instanceof UnusableFileError) return null;
    throw error;
  }
}

async function skipNumbersAndEndLeases(
  database: RawDatabase,
  fencingToken: number,
  sequence: number,
): Promise<void> {
  await database.execute('pragma journal_mode = delete');
  const tables = await tablesOf(database);
  await database.execute('begin immediate');
  await database.run(
    'update server set last_fencing_token = ?, last_sequence = ?, restored_at = ?, boot_id = null',
    [fencingToken, sequence, sequence],
  );
  // The first sweep ends whatever has passed its deadline, and tells watchers and webhooks.
  await database.execute('update leases set deadline = 0');
  if (tables.has('coolings')) await database.execute('update coolings set until = 0');
  await database.execute("update sessions set deadline = 0 where state = 'active'");
  // A fence may have seen any token that was issued since.
  if (tables.has('fences')) await database.run('update fences set highest = ?', [fencingToken]);
  await database.execute('commit');
}

/** The names of its tables. A backup of an earlier version does not have them all. */
async function tablesOf(database: RawDatabase): Promise<ReadonlySet<string>> {
  const rows = await database.query<{ name: string }>("select name from sqlite_schema where type = 'table'");
  return new Set(rows.map(({ name }) => name));
}

/** Keeps the replaced database under another name. There is a database at its path at all times. */
async function setAside(location: SqliteLocation, nowMs: number): Promise<string | null> {
  if (!existsSync(location.path)) return null;
  const previous = location.replacedAt(nowMs);
  await addSecondName(location, previous);
  // If the database was sound, closing it has emptied its log. What is left belongs to a damaged one and must not be applied
  // to the new file.
  if (existsSync(location.writeAheadLog)) await rename(location.writeAheadLog, `${previous}-wal`);
  await rm(location.sharedMemory, { force: true });
  return previous;
}

async function addSecondName(location: SqliteLocation, name: string): Promise<void> {
  try {
    await link(location.path, name);
  } catch (error) {
    if (!isWithoutHardLinks(error)) throw error;
    await copyFile(location.path, name, constants.COPYFILE_EXCL);
    await giveToOwnerOfDatabase(location, name);
  }
}
