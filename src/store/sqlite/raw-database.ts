import sqlite3 from 'sqlite3';

/** A connection of its own to a SQLite file, for what happens outside the running store. */
export class RawDatabase {
  readonly #connection: sqlite3.Database;

  private constructor(connection: sqlite3.Database) {
    this.#connection = connection;
  }

  /** @param mode `create` makes the file if there is none; `existing` fails then. */
  static async open(path: string, mode: 'create' | 'existing', busyTimeoutMs: number): Promise<RawDatabase> {
    const flags = sqlite3.OPEN_READWRITE | (mode === 'create' ? sqlite3.OPEN_CREATE : 0);
    const connection = await new Promise<sqlite3.Database>((resolve, reject) => {
      const opening = new sqlite3.Database(path, flags, (error) =>
        error ? reject(error) : resolve(opening),
      );
    });
    connection.configure('busyTimeout', busyTimeoutMs);
    return new RawDatabase(connection);
  }

  /** Runs statements that return nothing. */
  execute(sql: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#connection.exec(sql, (error) => (error ? reject(error) : resolve()));
    });
  }

  run(sql: string, parameters: readonly unknown[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#connection.run(sql, parameters, (error: Error | null) => (error ? reject(error) : resolve()));
    });
  }

  query<Row>(sql: string): Promise<Row[]> {
    return new Promise((resolve, reject) => {
      this.#connection.all<Row>(sql, (error, rows) => (error ? reject(error) : resolve(rows)));
    });
  }

  close(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#connection.close((error) => (error ? reject(error) : resolve()));
    });
  }
}
