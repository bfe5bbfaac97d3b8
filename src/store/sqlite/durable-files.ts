import { link, open, rename, rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/** Puts a finished file in the place of another in one step that survives a power cut. */
export async function moveDurably(from: string, to: string): Promise<void> {
  await sync(from);
  await rename(from, to);
  await sync(dirname(resolve(to)));
}

/** The same for a place that must be free. Throws `EEXIST` if it is not, however short the time since anybody looked. */
export async function placeDurably(from: string, to: string): Promise<void> {
  await sync(from);
  try {
    await link(from, to);
    await rm(from);
  } catch (error) {
    if (!isWithoutHardLinks(error)) throw error;
    await rename(from, to);
  }
  await sync(dirname(resolve(to)));
}

/** Some network and memory-stick file systems have none. */
export function isWithoutHardLinks(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'EPERM' || code === 'ENOTSUP' || code === 'ENOSYS';
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
