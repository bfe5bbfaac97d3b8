import sqlite3 from 'sqlite3';

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
  readonly #connection: sqlite3.Database;

  private constructor(connection: sqlite3.Database) {
    this.#connection = connection;
  }

  static async acquire(databasePath: string): Promise<ProcessLock> {
    const connection = await open(`${databasePath}.lock`);
    try {
      await exec(connection, 'begin exclusive');
    } catch (error) {
      await close(connection);
      throw isBusy(error) ? new DatabaseInUseError(databasePath) : error;
    }
    return new ProcessLock(connection);
  }

  async release(): Promise<void> {
    await close(this.#connection);
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'SQLITE_BUSY';
}

function open(path: string): Promise<sqlite3.Database> {
  return new Promise((resolve, reject) => {
    const connection = new sqlite3.Database(path, (error) => (error ? reject(error) : resolve(connection)));
    connection.configure('busyTimeout', 0);
  });
}

function exec(connection: sqlite3.Database, sql: string): Promise<void> {
  return new Promise((resolve, reject) => {
    connection.exec(sql, (error) => (error ? reject(error) : resolve()));
  });
}

function close(connection: sqlite3.Database): Promise<void> {
  return new Promise((resolve, reject) => {
    connection.close((error) => (error ? reject(error) : resolve()));
  });
}
