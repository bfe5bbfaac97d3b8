import { constants } from 'node:fs';
import { open, rename, rm, stat, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import type { DatabaseLocation } from '../../installation/database-location.js';
import { giveToOwnerOfDatabase } from '../../installation/ownership.js';

const shape = z.object({ url: z.url({ protocol: /^https?$/ }), key: z.string().min(1) });

/** How commands on the server's machine reach the running server, as administrators. */
export type Control = z.infer<typeof shape>;

const OWNER_ONLY = 0o600;
const OTHERS = 0o077;

/** Writes the control file beside the database. Only the owner of the database can read it. */
export async function writeControlFile(location: DatabaseLocation, control: Control): Promise<void> {
  const unfinished = `${location.control}.unfinished`;
  await rm(unfinished, { force: true });
  await writeFile(unfinished, JSON.stringify(control), { mode: OWNER_ONLY, flag: 'wx' });
  await giveToOwnerOfDatabase(location, unfinished);
  await rename(unfinished, location.control);
}

/**
 * Reads the control file. Null if there is none. Throws if it cannot be read, or if it may belong to another user, who could
 * then issue tokens in the server's name.
 */
export async function readControlFile({ path, control }: DatabaseLocation): Promise<Control | null> {
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
    return shape.parse(JSON.parse(await file.readFile('utf8')));
  } finally {
    await file.close();
  }
}

/** Removes the control file. A process that was killed may have left one. */
export async function removeControlFile({ control }: DatabaseLocation): Promise<void> {
  await rm(control, { force: true });
}
