import { readlink, realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { codeOf } from '../errors/system-error-code.js';

/**
 * One name for one file, whatever symbolic links lead to it, and whether it is there yet or not. Its folder must be there.
 * Rejects with the error of the operating system, such as for links that lead in a circle.
 */
export async function truePath(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
  const place = join(await realpath(dirname(path)), basename(path));
  const target = await readlink(place).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  });
  return target === null ? place : truePath(inFolder(dirname(place), target));
}

/** Leaves `..` to the system: behind a link to a folder it is not what the text suggests. */
export function inFolder(folder: string, path: string): string {
  return isAbsolute(path) ? path : `${folder.replace(/\/$/, '')}/${path}`;
}
