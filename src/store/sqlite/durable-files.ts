import { open, rename } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/** Puts a finished file in its place in one step that survives a power cut. */
export async function moveDurably(from: string, to: string): Promise<void> {
  await sync(from);
  await rename(from, to);
  await sync(dirname(resolve(to)));
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
