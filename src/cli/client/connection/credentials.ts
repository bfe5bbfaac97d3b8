import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { EXIT } from '../../shared/exit-codes.js';
import { CommandFailure } from '../failure.js';
import { readPrivateFile } from './token-file.js';

/** What `octostore login` stores for one server. */
interface Credentials {
  readonly url: string;
  readonly token: string;
}

/**
 * Stores the token for the servers of a service, and stores that these were the last ones. Returns the files of the token.
 *
 * Each server has its own file, so that two logins at the same time cannot overwrite each other.
 */
export function remember(urls: readonly string[], token: string): string[] {
  for (const url of urls) write(fileOf(url), { url, token });
  write(lastServerFile(), { url: urls.join(',') });
  return urls.map(fileOf);
}

/** Deletes the tokens for servers. Returns whether there was one. */
export function forget(urls: readonly string[]): boolean {
  const wasKnown = urls.some((url) => rememberedToken(url) !== undefined);
  const last = lastServer()?.split(',') ?? [];
  if (last.some((url) => urls.includes(url))) rmSync(lastServerFile(), { force: true });
  for (const url of urls) rmSync(fileOf(url), { force: true });
  return wasKnown;
}

/** The token for a server. Throws `CommandFailure` if others may read the file, or if it is damaged. */
export function rememberedToken(url: string): string | undefined {
  const known = read(fileOf(url));
  return known?.url === url ? known.token : undefined;
}

/** The server of the last login, or several with commas. Throws `CommandFailure` as `rememberedToken` does. */
export function lastServer(): string | undefined {
  return read(lastServerFile())?.url;
}

function folder(): string {
  const { XDG_CONFIG_HOME } = process.env;
  // The XDG specification says to ignore a relative path.
  const base = XDG_CONFIG_HOME?.startsWith('/') === true ? XDG_CONFIG_HOME : join(homedir(), '.config');
  return join(base, 'octostore', 'credentials');
}

function fileOf(url: string): string {
  return join(folder(), `${createHash('sha256').update(url).digest('hex').slice(0, 32)}.json`);
}

function lastServerFile(): string {
  return join(folder(), 'last-server.json');
}

function read(file: string): Partial<Credentials> | null {
  if (!existsSync(file)) return null;
  const text = readPrivateFile(file);
  try {
    return Object(JSON.parse(text)) as Partial<Credentials>;
  } catch {
    throw new CommandFailure(
      `${file} is damaged. Delete it and run "octostore login" again.`,
      EXIT.notPermitted,
    );
  }
}

/** Replaces a file in one step, so that no one reads half of it, even after a crash. */
function write(file: string, content: object): void {
  const temporary = `${file}.${randomUUID()}`;
  mkdirSync(folder(), { recursive: true, mode: 0o700 });
  try {
    writeFileSync(temporary, `${JSON.stringify(content, null, 2)}\n`, {
      mode: 0o600,
      flag: 'wx',
      flush: true,
    });
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
