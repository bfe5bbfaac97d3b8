import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { EXIT } from '../../shared/exit-codes.js';
import { CommandFailure } from '../failure.js';

/** The mode bits of everybody but the owner. */
const OTHERS = 0o077;

/** Reads a file that nobody but its owner may read or write. Throws `CommandFailure`, which quotes nothing of it. */
export function readPrivateFile(path: string): string {
  return readFile(path, (mode) => {
    if (process.platform === 'win32' || (mode & OTHERS) === 0) return;
    throw refusal(
      `${path} may be read or written by other users than its owner, so it is not used. Run "chmod 600 ${path}".`,
    );
  });
}

/** The token in a file that its owner alone may read. Throws `CommandFailure`. */
export function readTokenFile(path: string): string {
  return tokenIn(path, readPrivateFile(path));
}

/** The token in a file that others may read as well, such as a mounted secret. Throws `CommandFailure`. */
export function readSharedTokenFile(path: string): string {
  return tokenIn(
    path,
    readFile(path, () => undefined),
  );
}

/** Looks at what was opened, not at what stands under that name a moment earlier or later. */
function readFile(path: string, check: (mode: number) => void): string {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, 'r');
    check(fstatSync(descriptor).mode);
    return readFileSync(descriptor, 'utf8');
  } catch (error) {
    if (error instanceof CommandFailure) throw error;
    throw refusal(`${path} cannot be read (${String((error as NodeJS.ErrnoException).code)}).`);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function tokenIn(path: string, text: string): string {
  const token = text.trim();
  if (/^\S+$/.test(token)) return token;
  throw refusal(`${path} must hold a token and nothing else.`);
}

function refusal(sentence: string): CommandFailure {
  return new CommandFailure(sentence, EXIT.notPermitted);
}
