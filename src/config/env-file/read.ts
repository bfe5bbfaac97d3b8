import { lstatSync } from 'node:fs';
import { codeOf } from '../../errors/system-error-code.js';
import { ConfigError } from '../config.js';
import { parseEnvFile, type Setting } from './parse.js';
import { readText } from '../text-file.js';

export interface EnvFile {
  readonly settings: ReadonlyMap<string, Setting>;
  /** Sentences for people. They contain no values. */
  readonly warnings: readonly string[];
}

/** Read if it exists, unless another file is named. */
const DEFAULT_FILE = '.env';

const NO_FILE: EnvFile = { settings: new Map(), warnings: [] };

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'cannot be read by this process. Check its permissions',
  EISDIR: 'is a folder. Name a file',
  ENOENT: 'does not exist',
};

/** Reads the named file of settings, or else `.env` if there is one. Throws `ConfigError`. */
export function readEnvFile(named: string | undefined): EnvFile {
  const path = named ?? DEFAULT_FILE;
  if (named === undefined && !exists(path)) return NO_FILE;
  const text = textOf(path);
  if (text instanceof ConfigError) {
    // Some tools keep programs in a folder with this name.
    if (named === undefined && isFolder(path))
      return { ...NO_FILE, warnings: [`${path} is a folder, so no settings are read from it`] };
    throw text;
  }
  const { settings, violations, warnings } = parseEnvFile(text);
  if (violations.length > 0) throw new ConfigError(violations.map((violation) => `${path}: ${violation}`));
  return { settings, warnings: warnings.map((warning) => `${path}: ${warning}`) };
}

function textOf(path: string): string | ConfigError {
  try {
    return readText(path);
  } catch (error) {
    const code = String(codeOf(error));
    return new ConfigError([`${path} ${REASONS[code] ?? `cannot be read (${code})`}`]);
  }
}

/** True for a broken link too. */
function exists(path: string): boolean {
  try {
    return lstatSync(path) !== undefined;
  } catch {
    return false;
  }
}

function isFolder(path: string): boolean {
  return lstatSync(path).isDirectory();
}
