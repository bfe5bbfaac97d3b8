import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { checkIsFolder, type SqliteLocation } from '../../installation/sqlite-location.js';
import { UnusableFileError } from '../../installation/unusable-file-error.js';
import { damaged } from './damage.js';

/** What to do about a file that this process cannot use. */
export const CHECK_PERMISSIONS = 'Check its owner and its permissions.';

/** Checks that every path that SQLite uses is a file, or not there yet. Throws `UnusableFileError`. */
export function checkAreFiles(location: SqliteLocation): void {
  const { path, writeAheadLog, sharedMemory, processLock } = location;
  for (const file of [path, writeAheadLog, sharedMemory, `${path}-journal`, processLock]) checkIsFile(file);
}

/** Throws `UnusableFileError` if something other than a file has this name. */
export function checkIsFile(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== false) return;
  throw new UnusableFileError(`${path} is not a file. Move it away, or use another file.`);
}

/** Throws `UnusableFileError` if the file exists and this process cannot read it. */
export function checkMayRead(path: string): void {
  if (!existsSync(path) || isAccessible(path, constants.R_OK)) return;
  throw new UnusableFileError(`OctoStore cannot read ${path}. ${CHECK_PERMISSIONS}`);
}

/** Throws `UnusableFileError` if this process cannot read and write the file. */
export function checkMayReadAndWrite(path: string): void {
  if (isAccessible(path, constants.R_OK | constants.W_OK)) return;
  throw new UnusableFileError(`OctoStore cannot read and write ${path}. ${CHECK_PERMISSIONS}`);
}

/**
 * SQLite treats an empty file as a new database, and then deletes the log next to it. Throws `UnusableFileError` if that would
 * happen.
 */
export function checkIsNotEmptied({ path, writeAheadLog }: SqliteLocation): void {
  if (sizeOf(path) === 0 && sizeOf(writeAheadLog) > 0) {
    throw damaged(path, 'it is empty, but its log is not');
  }
}

/** The size of a file in bytes. 0 if there is no such file. */
function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/**
 * Checks the folder of a database. It must be writable, because SQLite keeps files beside the database. Throws
 * `UnusableFileError`.
 */
export function checkFolder(path: string): void {
  const folder = dirname(resolve(path));
  checkIsFolder(folder, path);
  if (!isAccessible(folder, constants.W_OK | constants.X_OK)) {
    throw new UnusableFileError(`OctoStore cannot write to the folder ${folder}. ${CHECK_PERMISSIONS}`);
  }
}

function isAccessible(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}
