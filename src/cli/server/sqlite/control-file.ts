import { constants } from 'node:fs';
import { open, rename, rm, stat, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { giveToOwnerOfDatabase } from '../../../installation/ownership.js';
import type { SqliteLocation } from '../../../installation/sqlite-location.js';
import type { Control } from '../installation/control.js';
import { UNREACHABLE } from '../remote-server.js';

const shape = z.object({ url: z.url({ protocol: /^https?$/ }), key: z.string().min(1) });

const OWNER_ONLY = 0o600;
const OTHERS = 0o077;

/** Writes the control file beside the database. Only the owner of the database can read it. */
export async function writeControlFile(
  location: SqliteLocation,
  { url, key }: Pick<Control, 'url' | 'key'>,
): Promise<void> {
  const unfinished = `${location.control}.unfinished`;
  await rm(unfinished, { force: true });
  await writeFile(unfinished, JSON.stringify({ url, key }), { mode: OWNER_ONLY, flag: 'wx' });
  await giveToOwnerOfDatabase(location, unfinished);
  await rename(unfinished, location.control);
}

/**
 * Reads the control file. Null if there is none. Throws if it cannot be read, or if it may belong to another user, who could
 * then issue tokens in the server's name.
 */
export async function readControlFile({ path, control }: SqliteLocation): Promise<Control | null> {
  const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0);
  const file = await open(control, flags).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (file === null) return null;
  try {
    const { uid, mode } = await file.stat();
    const { uid: owner } = await stat(path);
    const isPrivate = process.platform === 'win32' || (mode & OTHERS) === 0;
    if (uid !== owner || !isPrivate) throw new Error('The control file may belong to another user.');
    const found = shape.parse(JSON.parse(await file.readFile('utf8')));
    return { ...found, isOnThisMachine: true, ifUnreachable: UNREACHABLE };
  } finally {
    await file.close();
  }
}

/** Removes the control file. A process that was killed may have left one. */
export async function removeControlFile({ control }: SqliteLocation): Promise<void> {
  await rm(control, { force: true });
}
