/** What a database file says of itself. */
export interface FileSummary {
  readonly lastFencingToken: number;
  readonly lastSequence: number;
  /** When it was last written to, in milliseconds since 1970. */
  readonly writtenAtMs: number;
}

export interface Restored {
  readonly backup: FileSummary;
  /** The fencing token above which the restored server goes on. */
  readonly fencingToken: number;
  /** Where the database that was replaced is now; null if there was none. */
  readonly previous: string | null;
}

/** What only a database in a file of this machine offers, whether this process is connected to it or not. */
export interface DatabaseFile {
  /** Whether there is one. An empty file is none yet. */
  exists(): boolean;
  /** Whether a server has ever begun to make one. */
  isBegun(): boolean;
  /**
   * Checks that a server can have its database there: that there is one of ours, or nothing yet and room to make one. Changes
   * nothing. Throws `UnusableFileError` and `NewerSchemaError`.
   */
  check(): Promise<void>;
  /** Throws `DatabaseInUseError` if another process has it now. */
  checkIsFree(): Promise<void>;
  /** Bytes that can still be written to its disk. */
  freeBytes(): Promise<number>;
  /**
   * Checks that a copy fits into a folder, and that `minFreeMb` stay free if the database is on the same disk. Throws
   * `NoRoomError`.
   */
  checkRoomFor(folder: string, minFreeMb: number): Promise<void>;
  /**
   * Writes a consistent, verified copy while a server uses the database or not. Throws `UnusableFileError`, and the reason of
   * the signal if that ends it early.
   */
  backUp(target: string, signal?: AbortSignal): Promise<FileSummary>;
  /**
   * Puts a backup in the place of the database of a stopped server. Throws `DatabaseInUseError`, `UnusableFileError` and
   * `NewerSchemaError`, all before anything is changed.
   *
   * @param nowMs the wall-clock time, in milliseconds since 1970.
   */
  restore(backupPath: string, nowMs: number): Promise<Restored>;
}

/** A backup would leave too little room on its disk. */
export class NoRoomError extends Error {
  override readonly name = 'NoRoomError';
}
