import type sqlite3 from 'sqlite3';
import type { DataSource } from 'typeorm';

/** The pragmas that durability depends on, with the values that SQLite must report. */
const DURABLE = { journal_mode: 'wal', synchronous: 2 } as const;

/** More than the log usually contains. */
const LOG_BYTES_KEPT = 64 * 1024 * 1024;

/** The driver's connection. TypeORM uses this one connection for everything, and batches use it directly. */
export function nativeConnection(dataSource: DataSource): sqlite3.Database {
  const { databaseConnection } = dataSource.driver as unknown as { databaseConnection: sqlite3.Database };
  return databaseConnection;
}

/**
 * Sets up the connection so that a commit is on disk when it returns. Throws if SQLite did not apply the settings: in WAL
 * mode, only `synchronous=FULL` survives a power cut.
 */
export async function makeDurable(dataSource: DataSource): Promise<void> {
  // By default the driver would run statements on several threads and leave none for other work.
  nativeConnection(dataSource).serialize();
  await dataSource.query('pragma busy_timeout = 5000');
  await dataSource.query('pragma journal_mode = wal');
  await dataSource.query('pragma synchronous = full');
  // The log grows while a backup reads. This limit shrinks it again afterwards.
  await dataSource.query(`pragma journal_size_limit = ${LOG_BYTES_KEPT}`);
  // If someone has added a trigger or view to the file, it can call harmless functions only.
  await dataSource.query('pragma trusted_schema = off');
  // On macOS a plain fsync only reaches the disk's cache. These two settings make it reach the disk.
  await dataSource.query('pragma fullfsync = on');
  await dataSource.query('pragma checkpoint_fullfsync = on');
  for (const [name, expected] of Object.entries(DURABLE)) {
    const [row] = await dataSource.query<Record<string, unknown>[]>(`pragma ${name}`);
    const actual = row?.[name];
    if (actual !== expected) {
      throw new Error(
        `SQLite reports ${name}=${String(actual)} instead of ${expected}, so commits would not survive a power cut. ` +
          'Put the database on a local file system.',
      );
    }
  }
}
