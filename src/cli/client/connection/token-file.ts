import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { EXIT } from '../../shared/exit-codes.js';
import { CommandFailure } from '../failure.js';

/** The mode bits for everyone but the owner. */
const OTHERS = 0o077;

/** Reads a file that only its owner may access. Throws `CommandFailure`, which never quotes the file. */
export function readPrivateFile(path: string): string {
  return readFile(path, (mode) => {
    if (process.platform === 'win32' || (mode & OTHERS) === 0) return;
    throw refusal(
      `${path} is not used, because users other than its owner can read or write it. Run "chmod 600 ${path}".`,
    );
  });
}

/** The token in a file that only its owner may access. Throws `CommandFailure`. */
export function readTokenFile(path: string): string {
  return tokenIn(path, readPrivateFile(path));
}

/** The token in a file that others may read too, such as a mounted secret. Throws `CommandFailure`. */
export function readSharedTokenFile(path: string): string {
  return tokenIn(
    path,
    readFile(path, () => undefined),
  );
}

/** Checks the mode of the opened file, because the path may lead to another file a moment later. */
function readFile(path: string, check: (mode: number) => void): string {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, 'r');
    check(fstatSync(descriptor).mode);
    return readFileSync(descriptor, 'utf8');
  } catch (error) {
    if (error instanceof CommandFailure) throw error;
    throw refusal(
      `${path} cannot be read (${String((error as NodeJS.ErrnoException).code)}). Check the path and its permissions.`,
    );
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function tokenIn(path: string, text: string): string {
  const token = text.trim();
  if (/^\S+$/.test(token)) return token;
  throw refusal(`${path} does not contain a token. Put the token in it, and nothing else.`);
}

function refusal(sentence: string): CommandFailure {
  return new CommandFailure(sentence, EXIT.notPermitted);
}
