import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { checkIsFolder, type SqliteLocation } from '../../installation/sqlite-location.js';
import { UnusableFileError } from '../../installation/unusable-file-error.js';
import { damaged } from './damage.js';

/** What to do about a file that this process cannot use. */
export const CHECK_PERMISSIONS = 'Check its owner and its permissions.';

/** Checks that nothing but files is where SQLite keeps its own. Throws `UnusableFileError`. */
export function checkAreFiles(location: SqliteLocation): void {
  const { path, writeAheadLog, sharedMemory, processLock } = location;
  for (const file of [path, writeAheadLog, sharedMemory, `${path}-journal`, processLock]) checkIsFile(file);
}

/** Whatever is there must be a file. Throws `UnusableFileError`. */
export function checkIsFile(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== false) return;
  throw new UnusableFileError(`${path} is not a file. Move it away, or name another file.`);
}

/** Throws `UnusableFileError` if the file is there and this process may not read it. */
export function checkMayRead(path: string): void {
  if (!existsSync(path) || isAccessible(path, constants.R_OK)) return;
  throw new UnusableFileError(`${path} may not be read by this process. ${CHECK_PERMISSIONS}`);
}

/** Throws `UnusableFileError` if this process may not read and write the file. */
export function checkMayReadAndWrite(path: string): void {
  if (isAccessible(path, constants.R_OK | constants.W_OK)) return;
  throw new UnusableFileError(`${path} may not be read and written by this process. ${CHECK_PERMISSIONS}`);
}

/**
 * SQLite takes an empty file for a new database, and then throws away what is in the log beside it.
 * Throws `UnusableFileError` if that would happen.
 */
export function checkIsNotCutToNothing({ path, writeAheadLog }: SqliteLocation): void {
  if (sizeOf(path) === 0 && sizeOf(writeAheadLog) > 0) {
    throw damaged(path, 'it is empty, but its log is not');
  }
}

/** In bytes; 0 if there is no such file. */
function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/** SQLite keeps files beside the database, so the folder must be writable too. Throws `UnusableFileError`. */
export function checkFolder(path: string): void {
  const folder = dirname(resolve(path));
  checkIsFolder(folder, path);
  if (!isAccessible(folder, constants.W_OK | constants.X_OK)) {
    throw new UnusableFileError(
      `The folder ${folder} may not be written by this process. ${CHECK_PERMISSIONS}`,
    );
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
