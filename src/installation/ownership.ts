import { closeSync, existsSync, lchownSync, openSync, statSync } from 'node:fs';
import { lchown, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { codeOf } from '../errors/system-error-code.js';
import type { SqliteLocation } from './sqlite-location.js';

const OWNER_ONLY = 0o600;

/** Some file systems have no owners, and some containers cannot change them. */
const CANNOT_BE_GIVEN = new Set<unknown>(['EPERM', 'EINVAL', 'ENOSYS', 'ENOTSUP']);

/**
 * Gives a file that root wrote beside a database to the database's owner, or to its folder's owner if there is no database
 * yet.
 */
export function giveToOwnerOfDatabase(location: SqliteLocation, path: string): Promise<void> {
  return giveToOwnerOf(existsSync(location.path) ? location.path : location.folder, path);
}

/** Gives a file that root wrote to the owner of its folder. */
export function giveToOwnerOfFolder(path: string): Promise<void> {
  return giveToOwnerOf(dirname(path), path);
}

/** If there is no database and this process is root, creates an empty one that belongs to the owner of the folder. */
export function makeDatabaseForOwner({ path }: SqliteLocation): void {
  if (!isRoot() || existsSync(path)) return;
  const { uid, gid } = statSync(dirname(path));
  // Synchronous, because other code in this process assumes that the database has its final owner.
  closeSync(openSync(path, 'wx', OWNER_ONLY));
  try {
    lchownSync(path, uid, gid);
  } catch (error) {
    if (!CANNOT_BE_GIVEN.has(codeOf(error))) throw error;
  }
}

/** Changes the owner of a link itself, never of its target: someone else may have put the link there for root to follow. */
async function giveToOwnerOf(model: string, path: string): Promise<void> {
  if (!isRoot()) return;
  const { uid, gid } = await stat(model);
  await lchown(path, uid, gid).catch((error: unknown) => {
    if (!CANNOT_BE_GIVEN.has(codeOf(error))) throw error;
  });
}

function isRoot(): boolean {
  return process.geteuid?.() === 0;
}
