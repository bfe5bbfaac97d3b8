import { link, open, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { codeOf } from '../errors/system-error-code.js';

const CHUNK_BYTES = 1024 * 1024;

/** Replaces a file with a finished one, in one step that survives a power cut. */
export async function moveDurably(from: string, to: string): Promise<void> {
  await sync(from);
  await rename(from, to);
  await sync(dirname(resolve(to)));
}

/** Like `moveDurably`, but the target must not exist. Throws `EEXIST` if it does, even if it was created only just now. */
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
 * Writes the content of a file to disk again. After a failed sync, the system treats the data that it could not write as
 * written: programs still read it, but no later sync makes it durable. No other process may be writing to the file.
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

/** Whether the error means that the file system has no hard links, like some network and USB file systems. */
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
