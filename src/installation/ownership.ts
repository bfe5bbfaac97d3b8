import { closeSync, existsSync, lchownSync, openSync, statSync } from 'node:fs';
import { lchown, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { codeOf } from '../errors/system-error-code.js';
import type { DatabaseLocation } from './database-location.js';

const OWNER_ONLY = 0o600;

/** Some file systems know no owners, and some containers may not change them. */
const CANNOT_BE_GIVEN = new Set<unknown>(['EPERM', 'EINVAL', 'ENOSYS', 'ENOTSUP']);

/** Gives what root wrote beside a database to the owner of the database, or of its folder while there is no database. */
export function giveToOwnerOfDatabase(location: DatabaseLocation, path: string): Promise<void> {
  return giveToOwnerOf(existsSync(location.path) ? location.path : location.folder, path);
}

/** Gives what root wrote to the owner of the folder that it is in. */
export function giveToOwnerOfFolder(path: string): Promise<void> {
  return giveToOwnerOf(dirname(path), path);
}

/** Makes an empty database in which the owner of the folder can write, if there is none and this process is root. */
export function makeDatabaseForOwner({ path }: DatabaseLocation): void {
  if (!isRoot() || existsSync(path)) return;
  const { uid, gid } = statSync(dirname(path));
  // In one breath: others of this process take the database's owner for theirs.
  closeSync(openSync(path, 'wx', OWNER_ONLY));
  try {
    lchownSync(path, uid, gid);
  } catch (error) {
    if (!CANNOT_BE_GIVEN.has(codeOf(error))) throw error;
  }
}

/** A link is given away itself, never what it leads to: somebody else may have put it there for root to follow. */
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
