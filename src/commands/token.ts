import { existsSync } from 'node:fs';
import { Logger } from '@nestjs/common';
import { Accounts } from '../auth/accounts.js';
import { TokenAdministration } from '../auth/tokens/token-administration.js';
import type { TokenDesk, TokenFacts } from '../auth/tokens/token-desk.js';
import { SystemClock } from '../clock/system-clock.js';
import type { Config } from '../config/config.js';
import { LockStore } from '../store/lock-store.js';
import { checkDatabase, UnusableFileError } from '../store/sqlite/database-file.js';
import { DatabaseInUseError } from '../store/sqlite/process-lock.js';
import { SqliteJournal } from '../store/sqlite/sqlite-journal.js';
import { storeOptionsOf } from '../store/store-options.js';
import { readControlFile } from './control-file.js';
import { RemoteTokens, ServerUnreachableError } from './remote-tokens.js';

interface Output {
  /** One JSON document instead of text for people. */
  readonly json?: boolean;
}

/** `octostore token create USER`: the token alone on standard output. */
export async function createToken(config: Config, user: string, { json = false }: Output): Promise<void> {
  const made = await atDesk(config, (desk) => desk.create(user));
  if (json) return write(JSON.stringify(made));
  process.stderr.write(`A token for ${made.user}, with the id ${made.id}. It is shown this once:\n`);
  write(made.token);
}

/** `octostore token list` */
export async function listTokens(
  config: Config,
  { user, json = false }: Output & { readonly user?: string },
): Promise<void> {
  assertDatabase(config);
  const tokens = await atDesk(config, (desk) => desk.list(user));
  if (json) return write(JSON.stringify(tokens));
  if (tokens.length === 0) return write('No token is valid.');
  write(tableOf(tokens));
}

/** `octostore token revoke ID...`, or all tokens of a user. */
export async function revokeTokens(
  config: Config,
  ids: readonly string[],
  user: string | undefined,
): Promise<void> {
  assertDatabase(config);
  await atDesk(config, async (desk) => {
    const all = user === undefined ? ids : [...ids, ...(await desk.list(user)).map(({ id }) => id)];
    for (const id of all) {
      await desk.revoke(id);
      write(`Revoked ${id}.`);
    }
    if (all.length === 0) write('There is no such token.');
  });
}

/** Whoever looks for tokens in an empty folder is in the wrong one. */
function assertDatabase({ DATABASE_URL }: Config): void {
  if (!existsSync(DATABASE_URL)) throw new UnusableFileError(`There is no database at ${DATABASE_URL}.`);
}

/** At the server that runs on the database, or without one. */
async function atDesk<T>(config: Config, use: (desk: TokenDesk) => Promise<T>): Promise<T> {
  await checkDatabase(config.DATABASE_URL);
  // What the server would log is for the server's log.
  Logger.overrideLogger(false);
  const clock = new SystemClock();
  const journal = new SqliteJournal(config.DATABASE_URL);
  let store: LockStore;
  try {
    store = await LockStore.open(journal, clock, storeOptionsOf(config));
  } catch (error) {
    if (!(error instanceof DatabaseInUseError)) throw error;
    const control = await readControlFile(config.DATABASE_URL);
    if (control === null) throw new ServerUnreachableError({ cause: error });
    return use(new RemoteTokens(control));
  }
  try {
    return await use(new TokenAdministration(await Accounts.open(journal, store, clock, config)));
  } finally {
    await store.close();
  }
}

function tableOf(tokens: readonly TokenFacts[]): string {
  const rows = tokens.map(({ id, created_at, user }) => [id, created_at ?? 'configured', user]);
  const all = [['ID', 'CREATED', 'USER'], ...rows];
  const widths = [0, 1].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')).join('\n');
}

function write(text: string): void {
  process.stdout.write(`${text}\n`);
}
