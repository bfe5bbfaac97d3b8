import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { EXIT } from '../../commands/exit-codes.js';
import { CommandFailure } from '../failure.js';
import { readPrivateFile } from './token-file.js';

/** What `octostore login` remembers. */
interface Credentials {
  /** The server of the last login. */
  readonly current: string | null;
  /** The token for each server, by its base URL. */
  readonly tokens: Readonly<Record<string, string>>;
}

const NOTHING: Credentials = { current: null, tokens: {} };

/** Where it is remembered. */
export function credentialsFile(): string {
  const { XDG_CONFIG_HOME } = process.env;
  // A relative path there is to be ignored, says the XDG specification.
  const base = XDG_CONFIG_HOME?.startsWith('/') === true ? XDG_CONFIG_HOME : join(homedir(), '.config');
  return join(base, 'octostore', 'credentials.json');
}

/** What is remembered. Throws `CommandFailure` if others may read it, or if it cannot be understood. */
export function readCredentials(): Credentials {
  const file = credentialsFile();
  if (!existsSync(file)) return NOTHING;
  const text = readPrivateFile(file);
  try {
    const { current, tokens } = JSON.parse(text) as Partial<Credentials>;
    return { current: current ?? null, tokens: { ...tokens } };
  } catch {
    throw new CommandFailure(
      `${file} cannot be understood. Remove it and run "octostore login" again.`,
      EXIT.notPermitted,
    );
  }
}

/** Remembers a token, and that its server was the last one. */
export function remember(url: string, token: string): void {
  write({ current: url, tokens: { ...readCredentials().tokens, [url]: token } });
}

/** Forgets the token for a server. Returns whether there was one. */
export function forget(url: string): boolean {
  const { current, tokens } = readCredentials();
  if (tokens[url] === undefined) return false;
  const { [url]: _, ...others } = tokens;
  write({ current: current === url ? null : current, tokens: others });
  return true;
}

/** In one step, so that neither a crash nor a reader meets half a file. */
function write(credentials: Credentials): void {
  const file = credentialsFile();
  const temporary = `${file}.${randomUUID()}`;
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  try {
    writeFileSync(temporary, `${JSON.stringify(credentials, null, 2)}\n`, {
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
