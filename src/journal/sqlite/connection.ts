import type sqlite3 from 'sqlite3';
import type { DataSource } from 'typeorm';
import { UnusableFileError } from '../../installation/unusable-file-error.js';

/** The pragmas that durability rests on, with the values that SQLite must report. */
const DURABLE = { journal_mode: 'wal', synchronous: 2 } as const;

/** More than the log holds under a usual load. */
const LOG_BYTES_KEPT = 64 * 1024 * 1024;

/** The driver's own connection: TypeORM has one for all, and batches go to it directly. */
export function nativeConnection(dataSource: DataSource): sqlite3.Database {
  const { databaseConnection } = dataSource.driver as unknown as { databaseConnection: sqlite3.Database };
  return databaseConnection;
}

/**
 * Sets up the connection so that a commit is on disk when it returns, and refuses to go on if SQLite did not comply: under
 * WAL only `synchronous=FULL` survives a power cut.
 */
export async function makeDurable(dataSource: DataSource): Promise<void> {
  // In its default mode the driver would run statements on several threads and starve everything else that needs one.
  nativeConnection(dataSource).serialize();
  await dataSource.query('pragma busy_timeout = 5000');
  await dataSource.query('pragma journal_mode = wal');
  await dataSource.query('pragma synchronous = full');
  // The log grows while a backup reads. Afterwards it gives the room back.
  await dataSource.query(`pragma journal_size_limit = ${LOG_BYTES_KEPT}`);
  // A trigger or view that somebody has put into the file may call nothing but what is harmless.
  await dataSource.query('pragma trusted_schema = off');
  // On macOS an fsync reaches the disk's cache only; these two make it reach the disk.
  await dataSource.query('pragma fullfsync = on');
  await dataSource.query('pragma checkpoint_fullfsync = on');
  for (const [name, expected] of Object.entries(DURABLE)) {
    const [row] = await dataSource.query<Record<string, unknown>[]>(`pragma ${name}`);
    const actual = row?.[name];
    if (actual !== expected) {
      throw new UnusableFileError(
        `SQLite reports ${name}=${String(actual)} instead of ${expected}, so commits would not survive a power cut. ` +
          'Put the database on a local file system.',
      );
    }
  }
}
