import { RawDatabase } from './raw-database.js';

/** Long enough for a commit or a checkpoint of a running server to pass. */
const BUSY_TIMEOUT_MS = 10_000;

/** What a database file says of itself. */
export interface FileSummary {
  readonly lastFencingToken: number;
  readonly lastSequence: number;
  /** When it was last written to, in milliseconds since 1970. */
  readonly writtenAtMs: number;
}

/** The file is damaged, or is no OctoStore database. */
export class UnusableFileError extends Error {
  override readonly name = 'UnusableFileError';
}

/** Opens a database file beside a running server or without one, and closes it afterwards. Throws `UnusableFileError`. */
export async function withDatabaseFile<T>(
  path: string,
  use: (database: RawDatabase) => Promise<T>,
): Promise<T> {
  const database = await RawDatabase.open(path, 'existing', BUSY_TIMEOUT_MS).catch((error: unknown) => {
    throw new UnusableFileError(`${path} cannot be opened as a database.`, { cause: error });
  });
  try {
    return await use(database);
  } finally {
    await database.close();
  }
}

/** Checks every page of the file and reads what it says of itself. Throws `UnusableFileError`. */
export async function inspect(database: RawDatabase, path: string): Promise<FileSummary> {
  try {
    const [check] = await database.query<{ integrity_check: string }>('pragma integrity_check(1)');
    if (check?.integrity_check !== 'ok') throw new UnusableFileError(`${path} is damaged.`);
    const [summary] = await database.query<FileSummary>(
      `select last_fencing_token as lastFencingToken, last_sequence as lastSequence,
         last_instant + wall_skew as writtenAtMs from server`,
    );
    if (summary === undefined) throw new UnusableFileError(`${path} is not an OctoStore database.`);
    return summary;
  } catch (error) {
    if (error instanceof UnusableFileError) throw error;
    throw new UnusableFileError(`${path} is not an OctoStore database, or it is damaged.`, { cause: error });
  }
}
