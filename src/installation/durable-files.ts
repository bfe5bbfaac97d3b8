import { link, open, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { codeOf } from '../errors/system-error-code.js';

const CHUNK_BYTES = 1024 * 1024;

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

/**
 * Writes what a file holds to disk once more. After a sync that failed, the system takes what it could not write for written:
 * programs go on reading it, and no later sync makes it durable. Nobody else may be writing to the file.
 */
export async function rewriteDurably(path: string): Promise<void> {
  const handle = await open(path, 'r+');
  try {
    const chunk = Buffer.alloc(CHUNK_BYTES);
    for (let position = 0; ;) {
      const { bytesRead } = await handle.read(chunk, 0, CHUNK_BYTES, position);
      if (bytesRead === 0) break;
      await writeAll(handle, chunk.subarray(0, bytesRead), position);
      position += bytesRead;
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function writeAll(handle: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}

/** Some network and memory-stick file systems have none. */
export function isWithoutHardLinks(error: unknown): boolean {
  const code = codeOf(error);
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
