import { constants } from 'node:fs';
import { open, rename, rm, stat, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import type { DatabaseLocation } from '../../installation/database-location.js';
import { giveToOwnerOfDatabase } from '../../installation/ownership.js';

const shape = z.object({ url: z.url({ protocol: /^https?$/ }), key: z.string().min(1) });

/** How the commands on the server's machine reach the process that runs there, as its administrators. */
export type Control = z.infer<typeof shape>;

const OWNER_ONLY = 0o600;
const OTHERS = 0o077;

/** Writes it beside the database, for the owner of the database only. */
export async function writeControlFile(location: DatabaseLocation, control: Control): Promise<void> {
  const unfinished = `${location.control}.unfinished`;
  await rm(unfinished, { force: true });
  await writeFile(unfinished, JSON.stringify(control), { mode: OWNER_ONLY, flag: 'wx' });
  await giveToOwnerOfDatabase(location, unfinished);
  await rename(unfinished, location.control);
}

/**
 * Null if there is none. Throws if it cannot be read, or can be another user's: whoever puts one of its own there would hand out
 * tokens in the server's name.
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
    if (uid !== owner || !isPrivate) throw new Error('The control file can be of somebody else.');
    return shape.parse(JSON.parse(await file.readFile('utf8')));
  } finally {
    await file.close();
  }
}

/** One may be left of a process that was killed. */
export async function removeControlFile({ control }: DatabaseLocation): Promise<void> {
  await rm(control, { force: true });
}
