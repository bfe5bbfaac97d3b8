/** The state of a database file. */
export interface FileSummary {
  readonly lastFencingToken: number;
  readonly lastSequence: number;
  /** When the file was last written to, in milliseconds since 1970. */
  readonly writtenAtMs: number;
}

export interface Restored {
  readonly backup: FileSummary;
  /** The restored server issues fencing tokens above this one. */
  readonly fencingToken: number;
  /** The new path of the database that was replaced. Null if there was none. */
  readonly previous: string | null;
}

/** Operations on a database that is a file on this machine, whether or not this process is connected to it. */
export interface DatabaseFile {
  /** Whether there is a database. An empty file does not count. */
  exists(): boolean;
  /** Whether a server has ever started to create the database. */
  isBegun(): boolean;
  /**
   * Checks that a server can use this location: there is an OctoStore database, or nothing yet and a folder to create one in.
   * Changes nothing. Throws `UnusableFileError` and `NewerSchemaError`.
   */
  check(): Promise<void>;
  /** Throws `DatabaseInUseError` if another process is using the database now. */
  checkIsFree(): Promise<void>;
  /** How many bytes can still be written to the database's disk. */
  freeBytes(): Promise<number>;
  /**
   * Checks that a copy fits into a folder. If the database is on the same disk, `minFreeMb` must also stay free. Throws
   * `NoRoomError`.
   */
  checkRoomFor(folder: string, minFreeMb: number): Promise<void>;
  /**
   * Writes a consistent, verified copy, whether or not a server is using the database. Throws `UnusableFileError`, or the
   * reason of the signal if it is aborted.
   */
  backUp(target: string, signal?: AbortSignal): Promise<FileSummary>;
  /**
   * Replaces the database of a stopped server with a backup. Throws `DatabaseInUseError`, `UnusableFileError` and
   * `NewerSchemaError`, all before it changes anything.
   *
   * @param nowMs the wall-clock time, in milliseconds since 1970.
   */
  restore(backupPath: string, nowMs: number): Promise<Restored>;
}

/** The disk does not have enough room for a backup. */
export class NoRoomError extends Error {
  override readonly name = 'NoRoomError';
}
