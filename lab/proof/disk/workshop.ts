import { accessSync, constants } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildShim } from './shim.js';

/** A memory disk where there is one: what a sync would do is replayed, so that a real one only costs time. */
const MEMORY_DISK = '/dev/shm';

/** A folder for one proof, with the shim in it. */
export interface Workshop {
  readonly folder: string;
  readonly shim: string;
}

/** Gives `work` a folder and removes it afterwards. */
export async function inWorkshop<T>(work: (workshop: Workshop) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(isWritable(MEMORY_DISK) ? MEMORY_DISK : tmpdir(), 'octostore-proof-'));
  try {
    return await work({ folder, shim: await buildShim(folder) });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
