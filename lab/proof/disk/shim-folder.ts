import { accessSync, constants } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildShim } from './shim.js';

/** A memory disk is preferred: the proof replays what a sync would do, so real syncs only cost time. */
const MEMORY_DISK = '/dev/shm';

/** A temporary folder for one proof, which contains the compiled shim. */
export interface ShimFolder {
  readonly folder: string;
  readonly shim: string;
}

/** Runs `work` with a new folder, and removes the folder afterwards. */
export async function withShimFolder<T>(work: (shimFolder: ShimFolder) => Promise<T>): Promise<T> {
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
