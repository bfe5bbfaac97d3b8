import { codeOf } from '../../errors/system-error-code.js';
import type { SqliteLocation } from '../../installation/sqlite-location.js';
import { giveToOwnerOfDatabase } from '../../installation/ownership.js';
import { DatabaseInUseError } from '../errors.js';
import { RawDatabase } from './raw-database.js';

/**
 * Keeps other processes from using a database while this one runs.
 *
 * Node has no file locks, but SQLite does. This class holds an exclusive transaction on an empty file beside the database.
 * The kernel releases it when the process ends, however it ends. Other processes, such as a backup, can still read the
 * database itself.
 */
export class ProcessLock {
  readonly #file: RawDatabase;

  private constructor(file: RawDatabase) {
    this.#file = file;
  }

  /** Throws `DatabaseInUseError` immediately if another process has the lock. */
  static async acquire(location: SqliteLocation): Promise<ProcessLock> {
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
  static async probe(location: SqliteLocation): Promise<void> {
    await (await ProcessLock.acquire(location)).release();
  }

  async release(): Promise<void> {
    await this.#file.close();
  }
}
