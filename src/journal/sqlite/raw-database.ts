import sqlite3 from 'sqlite3';

/** `create` creates the file if there is none. The other modes fail in that case. */
export type OpenMode = 'create' | 'existing' | 'read-only';

const FLAGS: Readonly<Record<OpenMode, number>> = {
  create: sqlite3.OPEN_READWRITE | sqlite3.OPEN_CREATE,
  existing: sqlite3.OPEN_READWRITE,
  'read-only': sqlite3.OPEN_READONLY,
};

/** A separate connection to a SQLite file, for work outside the running store. */
export class RawDatabase {
  readonly #connection: sqlite3.Database;

  private constructor(connection: sqlite3.Database) {
    this.#connection = connection;
  }

  static async open(path: string, mode: OpenMode, busyTimeoutMs: number): Promise<RawDatabase> {
    const flags = FLAGS[mode];
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

  query<Row = unknown>(sql: string): Promise<Row[]> {
    return new Promise((resolve, reject) => {
      this.#connection.all<Row>(sql, (error, rows) => (error ? reject(error) : resolve(rows)));
    });
  }

  /** Makes the running statement fail with `SQLITE_INTERRUPT`. */
  interrupt(): void {
    this.#connection.interrupt();
  }

  close(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#connection.close((error) => (error ? reject(error) : resolve()));
    });
  }
}
