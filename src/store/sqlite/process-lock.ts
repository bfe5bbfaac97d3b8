import { codeOf } from '../../errors/system-error-code.js';
import type { DatabaseLocation } from '../../installation/database-location.js';
import { giveToOwnerOfDatabase } from '../../installation/ownership.js';
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
  static async acquire(location: DatabaseLocation): Promise<ProcessLock> {
    const file = await RawDatabase.open(location.processLock, 'create', 0);
    try {
      await file.execute('begin exclusive');
      await giveToOwnerOfDatabase(location, location.processLock);
    } catch (error) {
      await file.close();
      throw codeOf(error) === 'SQLITE_BUSY' ? new DatabaseInUseError(location.path) : error;
    }
    return new ProcessLock(file);
  }

  /** Throws `DatabaseInUseError` if another process has the lock now. */
  static async probe(location: DatabaseLocation): Promise<void> {
    await (await ProcessLock.acquire(location)).release();
  }

  async release(): Promise<void> {
    await this.#file.close();
  }
}
