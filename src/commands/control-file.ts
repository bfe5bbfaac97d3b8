import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { truePath } from '../store/sqlite/process-lock.js';

const shape = z.object({ url: z.url(), key: z.string().min(1) });

/** How the commands on the server's machine reach the process that runs there, as its administrators. */
export type Control = z.infer<typeof shape>;

const OWNER_ONLY = 0o600;

/** Writes it beside the database, for the owner of the process only. */
export async function writeControlFile(databasePath: string, control: Control): Promise<void> {
  const path = await controlPath(databasePath);
  const unfinished = `${path}.unfinished`;
  await rm(unfinished, { force: true });
  await writeFile(unfinished, JSON.stringify(control), { mode: OWNER_ONLY, flag: 'wx' });
  await rename(unfinished, path);
}

/** Null if there is none that can be read. One may be left of a process that was killed. */
export async function readControlFile(databasePath: string): Promise<Control | null> {
  try {
    return shape.parse(JSON.parse(await readFile(await controlPath(databasePath), 'utf8')));
  } catch {
    return null;
  }
}

export async function removeControlFile(databasePath: string): Promise<void> {
  await rm(await controlPath(databasePath), { force: true });
}

async function controlPath(databasePath: string): Promise<string> {
  return `${await truePath(databasePath)}.control`;
}
