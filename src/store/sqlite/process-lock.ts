import { realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { RawDatabase } from './raw-database.js';

/** Another process has the database. */
export class DatabaseInUseError extends Error {
  override readonly name = 'DatabaseInUseError';

  constructor(databasePath: string) {
    super(
      `Another OctoStore process is using ${databasePath}. ` +
        'Stop it first, or give this one its own file with DATABASE_URL.',
    );
  }
}

/**
 * Keeps a second process away from a database for as long as this one lives.
 *
 * Node has no file locks, but SQLite does: this holds an exclusive transaction on an empty file beside the database, which
 * the kernel drops when the process ends in whatever way. The database itself stays open to readers such as a backup.
 */
export class ProcessLock {
  readonly #file: RawDatabase;

  private constructor(file: RawDatabase) {
    this.#file = file;
  }

  /** Throws `DatabaseInUseError` at once if another process has the lock. */
  static async acquire(databasePath: string): Promise<ProcessLock> {
    const file = await RawDatabase.open(`${await truePath(databasePath)}.lock`, 'create', 0);
    try {
      await file.execute('begin exclusive');
    } catch (error) {
      await file.close();
      throw isBusy(error) ? new DatabaseInUseError(databasePath) : error;
    }
    return new ProcessLock(file);
  }

  /** Throws `DatabaseInUseError` if another process has the lock now. */
  static async probe(databasePath: string): Promise<void> {
    await (await ProcessLock.acquire(databasePath)).release();
  }

  async release(): Promise<void> {
    await this.#file.close();
  }
}

/** One name for one file, whatever symbolic links lead to it. */
export async function truePath(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    return join(await realpath(dirname(path)), basename(path)); // There is no database yet.
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'SQLITE_BUSY';
}
