import { readlink, realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { codeOf } from '../errors/system-error-code.js';

/**
 * The real path of a file, with all symbolic links resolved. The file need not exist, but its folder must. Rejects with the
 * operating system's error, for example if links form a loop.
 */
export async function resolveLinks(path: string): Promise<string> {
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
  return target === null ? place : resolveLinks(inFolder(dirname(place), target));
}

/**
 * Joins the two without resolving `..`. After a link to a folder, `..` does not mean what the text suggests, so the system
 * must resolve it.
 */
export function inFolder(folder: string, path: string): string {
  return isAbsolute(path) ? path : `${folder.replace(/\/$/, '')}/${path}`;
}
