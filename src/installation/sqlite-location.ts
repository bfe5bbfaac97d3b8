import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { codeOf } from '../errors/system-error-code.js';
import { inFolder, truePath } from './true-path.js';
import { UnusableFileError } from './unusable-file-error.js';

/**
 * Where a database in a file is, and with it every file beside it. It is found once: a link that is re-pointed later, or another
 * working directory, changes nothing for this process. The database itself need not be there yet.
 */
export class SqliteLocation {
  readonly engine = 'sqlite';

  private constructor(
    /** The absolute path that was asked for. It may lead through symbolic links. */
    readonly given: string,
    /** The absolute path of the file itself. */
    readonly path: string,
  ) {}

  /** Follows all links. Throws `UnusableFileError` if they lead nowhere, or if the folder does not exist. */
  static async find(databasePath: string): Promise<SqliteLocation> {
    const given = inFolder(process.cwd(), databasePath);
    checkIsFolder(dirname(given), databasePath);
    try {
      return new SqliteLocation(given, await truePath(given));
    } catch (cause) {
      const why = codeOf(cause) === 'EACCES' ? 'cannot be reached by this process' : LEADS_NOWHERE;
      throw new UnusableFileError(`${databasePath} ${why}.`, { cause });
    }
  }

  get folder(): string {
    return dirname(this.path);
  }

  /** SQLite's log. */
  get writeAheadLog(): string {
    return `${this.path}-wal`;
  }

  /** What SQLite's readers and writers share while the database is open. */
  get sharedMemory(): string {
    return `${this.path}-shm`;
  }

  /** Held while a process has the database. */
  get processLock(): string {
    return `${this.path}.lock`;
  }

  /** How commands reach the running server. */
  get control(): string {
    return `${this.path}.control`;
  }

  /** The key for secrets. */
  get key(): string {
    return `${this.path}.key`;
  }

  /** The token of the first start, until it is used. */
  get firstToken(): string {
    return `${this.path}.first-token`;
  }

  /** Where earlier versions kept the key: beside the link, if a link leads to the database. */
  get keyOfEarlierVersions(): string {
    return `${this.given}.key`;
  }

  /** A backup on its way into the database's place. */
  get restoring(): string {
    return `${this.path}.restoring`;
  }

  /** What a database is called that a restore has replaced. */
  replacedAt(nowMs: number): string {
    return `${this.path}.before-restore-${nowMs}`;
  }
}

const LEADS_NOWHERE = 'is a symbolic link that leads nowhere';

/** Throws `UnusableFileError` if there is no such folder to hold the file. */
export function checkIsFolder(folder: string, path: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return;
  throw new UnusableFileError(`There is no folder ${folder} for ${path}.`);
}
