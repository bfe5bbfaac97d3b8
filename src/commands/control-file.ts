import { constants } from 'node:fs';
import { open, rename, rm, stat, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { truePath } from '../store/sqlite/true-path.js';

const shape = z.object({ url: z.url({ protocol: /^https?$/ }), key: z.string().min(1) });

/** How the commands on the server's machine reach the process that runs there, as its administrators. */
export type Control = z.infer<typeof shape>;

const OWNER_ONLY = 0o600;
const OTHERS = 0o077;

/** Writes it beside the database, for the owner of the process only. */
export async function writeControlFile(databasePath: string, control: Control): Promise<void> {
  const path = await controlPath(databasePath);
  const unfinished = `${path}.unfinished`;
  await rm(unfinished, { force: true });
  await writeFile(unfinished, JSON.stringify(control), { mode: OWNER_ONLY, flag: 'wx' });
  await rename(unfinished, path);
}

/**
 * Null if there is none. Throws if it cannot be read, or can be another user's: whoever puts one of its own there would hand out
 * tokens in the server's name.
 */
export async function readControlFile(databasePath: string): Promise<Control | null> {
  const file = await open(
    await controlPath(databasePath),
    constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0),
  ).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (file === null) return null;
  try {
    const { uid, mode } = await file.stat();
    const { uid: owner } = await stat(databasePath);
    const isPrivate = process.platform === 'win32' || (mode & OTHERS) === 0;
    if (uid !== owner || !isPrivate) throw new Error('The control file can be of somebody else.');
    return shape.parse(JSON.parse(await file.readFile('utf8')));
  } finally {
    await file.close();
  }
}

/** One may be left of a process that was killed. */
export async function removeControlFile(databasePath: string): Promise<void> {
  await rm(await controlPath(databasePath), { force: true });
}

async function controlPath(databasePath: string): Promise<string> {
  return `${await truePath(databasePath)}.control`;
}
