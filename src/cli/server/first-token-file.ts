import { constants } from 'node:fs';
import { open, rm, writeFile } from 'node:fs/promises';
import { codeOf } from '../../errors/system-error-code.js';
import { moveDurably } from '../../installation/durable-files.js';

const OWNER_ONLY = 0o600;

/** Follows no link. If the file is a pipe, does not wait for a writer. */
const READ_THE_FILE_ITSELF = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** Longer than any token. */
const BYTES_MAX = 1024;

/**
 * Writes the token so that only the owner of the process can read it. Throws if it is not safely on disk. Replaces an
 * existing file, and follows no link.
 */
export async function writeFirstToken(path: string, token: string): Promise<void> {
  const unfinished = `${path}.unfinished`;
  await rm(unfinished, { force: true });
  await writeFile(unfinished, `${token}\n`, { mode: OWNER_ONLY, flag: 'wx' });
  await moveDurably(unfinished, path);
}

/** Reads the token. Null if there is no file. The text may be anything: if it is not a token of this server, it is not valid. */
export async function readFirstToken(path: string): Promise<string | null> {
  const file = await open(path, READ_THE_FILE_ITSELF).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  });
  if (file === null) return null;
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(BYTES_MAX), 0, BYTES_MAX, 0);
    return buffer.toString('utf8', 0, bytesRead).trim();
  } finally {
    await file.close();
  }
}

export async function removeFirstToken(path: string): Promise<void> {
  await rm(path, { force: true });
}
