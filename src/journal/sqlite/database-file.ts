import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { codeOf } from '../../errors/system-error-code.js';
import { checkIsFolder, type SqliteLocation } from '../../installation/sqlite-location.js';
import { UnusableFileError } from '../../installation/unusable-file-error.js';
import type { FileSummary } from '../database-file.js';
import { RawDatabase, type OpenMode } from './raw-database.js';
import { migrationsOf, refuseForeignSchema } from './own-schema.js';
import { refuseNewerSchema } from './schema-version.js';

/** Long enough for a running server to finish a commit or checkpoint. */
const BUSY_TIMEOUT_MS = 10_000;

/**
 * Checks that a server can use this location: there is an OctoStore database, or nothing yet and a folder to create one in.
 * Changes nothing. Throws `UnusableFileError` and `NewerSchemaError`.
 */
export async function checkDatabase({ path }: SqliteLocation): Promise<void> {
  checkFolder(path);
  if (!existsSync(path)) return;
  if (!statSync(path).isFile())
    throw new UnusableFileError(`${path} is not a file. Set DATABASE_URL to a file.`);
  if (!isAccessible(path, constants.R_OK | constants.W_OK)) {
    throw new UnusableFileError(`OctoStore cannot read and write ${path}. Give its user access to the file.`);
  }
  await withReadOnlyFile(path, checkSchema).catch((error: unknown) => {
    throw isContentError(error)
      ? new UnusableFileError(
          `${path} is not a database, or it is damaged. Put a backup in its place with "octostore restore FILE".`,
          { cause: error },
        )
      : error;
  });
}

async function checkSchema(database: RawDatabase, path: string): Promise<void> {
  const migrations = await migrationsOf(database);
  if (migrations === null)
    throw new UnusableFileError(
      `${path} is the database of another program. Set DATABASE_URL to another file.`,
    );
  refuseNewerSchema(migrations, path);
  await refuseForeignSchema(database, migrations, path);
}

/** Reads only. A connection that can write moves the contents of the log into the database when it closes. */
async function withReadOnlyFile(
  path: string,
  use: (database: RawDatabase, path: string) => Promise<void>,
): Promise<void> {
  const check = (database: RawDatabase): Promise<void> => use(database, path);
  try {
    await withDatabaseFile(path, check, 'read-only');
  } catch (error) {
    // After a crash while the database was being created, SQLite must repair it before it can read it.
    if (codeOf(error) !== 'SQLITE_READONLY' && codeOf(error) !== 'SQLITE_CANTOPEN') throw error;
    await withDatabaseFile(path, check);
  }
}

function isContentError(error: unknown): boolean {
  return ['SQLITE_NOTADB', 'SQLITE_CORRUPT'].includes(String(codeOf(error)));
}

/**
 * Checks the folder of a database. It must be writable, because SQLite keeps files beside the database. Throws
 * `UnusableFileError`.
 */
export function checkFolder(path: string): void {
  const folder = dirname(resolve(path));
  checkIsFolder(folder, path);
  if (!isAccessible(folder, constants.W_OK | constants.X_OK)) {
    throw new UnusableFileError(
      `OctoStore cannot write to the folder ${folder}. Give its user write access.`,
    );
  }
}

function isAccessible(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}

/** The file may be hostile: check how its pages are built, and allow its schema to call harmless functions only. */
const DISTRUST = 'pragma cell_size_check = on; pragma trusted_schema = off';

/** Opens a database file, whether or not a server is using it, and closes it afterwards. Throws `UnusableFileError`. */
export async function withDatabaseFile<T>(
  path: string,
  use: (database: RawDatabase) => Promise<T>,
  mode: OpenMode = 'existing',
): Promise<T> {
  const database = await RawDatabase.open(path, mode, BUSY_TIMEOUT_MS).catch((error: unknown) => {
    throw new UnusableFileError(`${path} cannot be opened as a database. Use another file.`, {
      cause: error,
    });
  });
  try {
    await database.execute(DISTRUST);
    return await use(database);
  } finally {
    await database.close();
  }
}

/** Removes a database that is no longer needed, and the files that SQLite may have left beside it. */
export async function removeDatabase(path: string): Promise<void> {
  for (const suffix of ['', '-wal', '-shm', '-journal']) await rm(`${path}${suffix}`, { force: true });
}

/**
 * Checks that a file can be restored: that OctoStore made its schema, and then as `inspect` does. Throws `UnusableFileError`
 * and `NewerSchemaError`.
 *
 * @param path the name for the file in error messages.
 */
export async function verify(database: RawDatabase, path: string): Promise<FileSummary> {
  const migrations = await migrationsOf(database).catch((error: unknown) => refuseUnreadable(path, error));
  if (migrations === null || migrations.length === 0) {
    throw new UnusableFileError(`${path} is not an OctoStore database. Use another file.`);
  }
  refuseNewerSchema(migrations, path);
  await refuseForeignSchema(database, migrations, path);
  return inspect(database, path);
}

function refuseUnreadable(path: string, cause: unknown): never {
  throw new UnusableFileError(`${path} is not an OctoStore database, or it is damaged. Use another file.`, {
    cause,
  });
}

/**
 * Checks every page of the file and reads its state. Throws `UnusableFileError`.
 *
 * @param path the name for the file in error messages.
 */
export async function inspect(database: RawDatabase, path: string): Promise<FileSummary> {
  try {
    const [check] = await database.query<{ integrity_check: string }>('pragma integrity_check(1)');
    if (check?.integrity_check !== 'ok')
      throw new UnusableFileError(`${path} is damaged. Use an undamaged backup.`);
    const [summary] = await database.query<FileSummary>(
      `select last_fencing_token as lastFencingToken, last_sequence as lastSequence,
         last_instant + wall_skew as writtenAtMs from server`,
    );
    if (summary === undefined)
      throw new UnusableFileError(`${path} is not an OctoStore database. Use another file.`);
    return summary;
  } catch (error) {
    if (error instanceof UnusableFileError) throw error;
    return refuseUnreadable(path, error);
  }
}
