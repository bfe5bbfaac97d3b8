import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { codeOf } from '../errors/system-error-code.js';
import { inFolder, resolveLinks } from './resolve-links.js';
import { UnusableFileError } from './unusable-file-error.js';

/**
 * Where a database file and all the files beside it are. Links are resolved once: if a link is changed later, or the working
 * directory, this process keeps using the same files. The database need not exist yet.
 */
export class SqliteLocation {
  readonly engine = 'sqlite';

  private constructor(
    /** The absolute path that was asked for. It may contain symbolic links. */
    readonly given: string,
    /** The absolute path of the file itself. */
    readonly path: string,
  ) {}

  /** Follows all links. Throws `UnusableFileError` if they are broken or the folder does not exist. */
  static async find(databasePath: string): Promise<SqliteLocation> {
    const given = inFolder(process.cwd(), databasePath);
    checkIsFolder(dirname(given), databasePath);
    try {
      return new SqliteLocation(given, await resolveLinks(given));
    } catch (cause) {
      if (codeOf(cause) === 'EACCES')
        throw new UnusableFileError(
          `OctoStore cannot access the folder of ${databasePath}. Give its user access to that folder.`,
          { cause },
        );
      throw new UnusableFileError(
        `${databasePath} is a broken symbolic link. Fix the link, or use another path.`,
        { cause },
      );
    }
  }

  /** What messages call the database. */
  get name(): string {
    return this.path;
  }

  get folder(): string {
    return dirname(this.path);
  }

  /** SQLite's log. */
  get writeAheadLog(): string {
    return `${this.path}-wal`;
  }

  /** The memory that SQLite's readers and writers share while the database is open. */
  get sharedMemory(): string {
    return `${this.path}-shm`;
  }

  /** Locked while a process is using the database. */
  get processLock(): string {
    return `${this.path}.lock`;
  }

  /** How commands connect to the running server. */
  get control(): string {
    return `${this.path}.control`;
  }

  /** The key for encrypting secrets. */
  get key(): string {
    return `${this.path}.key`;
  }

  /** The token that the first start made. It exists until the token is used. */
  get firstToken(): string {
    return `${this.path}.first-token`;
  }

  /** Where earlier versions kept the key: beside the link, if the database was opened through one. */
  get legacyKey(): string {
    return `${this.given}.key`;
  }

  /** A backup while it is being restored. */
  get restoring(): string {
    return `${this.path}.restoring`;
  }

  /** The path to which a restore moves the database that it replaces. */
  replacedAt(nowMs: number): string {
    return `${this.path}.before-restore-${nowMs}`;
  }
}

/** Throws `UnusableFileError` if the folder for the file does not exist. */
export function checkIsFolder(folder: string, path: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return;
  throw new UnusableFileError(`There is no folder ${folder} for ${path}. Create the folder first.`);
}
