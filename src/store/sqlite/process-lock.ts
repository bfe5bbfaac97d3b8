import { existsSync } from 'node:fs';
import { chown, stat } from 'node:fs/promises';
import { codeOf } from '../../errors/error-code.js';
import { RawDatabase } from './raw-database.js';
import { truePath } from './true-path.js';

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
    const path = `${await truePath(databasePath)}.lock`;
    const file = await RawDatabase.open(path, 'create', 0);
    try {
      await file.execute('begin exclusive');
      await giveToOwnerOf(databasePath, path);
    } catch (error) {
      await file.close();
      throw codeOf(error) === 'SQLITE_BUSY' ? new DatabaseInUseError(databasePath) : error;
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

/** As SQLite does with its own files, so that a command of root leaves nothing that the server's user cannot open. */
async function giveToOwnerOf(databasePath: string, path: string): Promise<void> {
  if (process.geteuid?.() !== 0 || !existsSync(databasePath)) return;
  const { uid, gid } = await stat(databasePath);
  await chown(path, uid, gid);
}
