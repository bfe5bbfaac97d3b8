import { stat, statfs } from 'node:fs/promises';
import type { SqliteLocation } from '../../installation/sqlite-location.js';
import { NoRoomError } from '../database-file.js';

const BYTES_PER_MB = 1024 * 1024;

/**
 * Checks that a copy of the database fits into a folder. If the database is on the same file system, `minFreeMb` must also
 * stay free, so that a backup never stops the server from granting locks. Throws `NoRoomError`.
 */
export async function checkRoom(location: SqliteLocation, folder: string, minFreeMb: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const neededMb = megabytes(await sizeOf(location.path)) + megabytes(await sizeOf(location.writeAheadLog));
  const keptMb = (await isSameFileSystem(location.folder, folder)) ? minFreeMb : 0;
  if (megabytes(bavail * bsize) >= neededMb + keptMb) return;
  throw new NoRoomError(
    `${folder} has ${Math.floor(megabytes(bavail * bsize))} MB free. Free more space: a backup may need ${Math.ceil(neededMb)} MB` +
      (keptMb === 0 ? '.' : `, and ${keptMb} MB must stay free (MIN_FREE_DISK_MB).`),
  );
}

async function isSameFileSystem(one: string, other: string): Promise<boolean> {
  return (await stat(one)).dev === (await stat(other)).dev;
}

/** In bytes. 0 if there is no such file. */
async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}

function megabytes(bytes: number): number {
  return bytes / BYTES_PER_MB;
}
