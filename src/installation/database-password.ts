import { readFile } from 'node:fs/promises';
import { codeOf } from '../errors/system-error-code.js';
import { UnusableFileError } from './unusable-file-error.js';

const LINE_END = /\r?\n$/;

/**
 * Reads the password of the database from a file, without the line end after it. Throws `UnusableFileError`.
 *
 * @param path the value of `DATABASE_PASSWORD_FILE`.
 */
export async function readDatabasePassword(path: string): Promise<string> {
  const password = (await readFile(path, 'utf8').catch((error: unknown) => refuse(path, error))).replace(
    LINE_END,
    '',
  );
  if (password !== '') return password;
  throw new UnusableFileError(
    `${path}, which DATABASE_PASSWORD_FILE names, is empty. Put the password into it.`,
  );
}

function refuse(path: string, cause: unknown): never {
  throw new UnusableFileError(
    `${path}, which DATABASE_PASSWORD_FILE names, cannot be read (${String(codeOf(cause))}). Check its path and its permissions.`,
    { cause },
  );
}
