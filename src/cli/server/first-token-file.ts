import { constants } from 'node:fs';
import { open, rm, writeFile } from 'node:fs/promises';
import { codeOf } from '../../errors/system-error-code.js';
import { moveDurably } from '../../installation/durable-files.js';

const OWNER_ONLY = 0o600;

/** Not what a link leads to, and without waiting for a writer if it is a pipe. */
const READ_THE_FILE_ITSELF = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** More than a token takes. */
const BYTES_MAX = 1024;

/** Writes it for the owner of the process only. It is on disk, or this throws. Follows no link and replaces what is there. */
export async function writeFirstToken(path: string, token: string): Promise<void> {
  const unfinished = `${path}.unfinished`;
  await rm(unfinished, { force: true });
  await writeFile(unfinished, `${token}\n`, { mode: OWNER_ONLY, flag: 'wx' });
  await moveDurably(unfinished, path);
}

/** The token that stands there; null if there is no file. What is no token of this server is not valid anyway. */
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
