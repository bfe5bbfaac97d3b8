import { Logger } from '@nestjs/common';
import { Accounts } from '../../auth/accounts.js';
import { TokenAdministration } from '../../auth/tokens/token-administration.js';
import type { TokenDesk, TokenFacts } from '../../auth/tokens/token-desk.js';
import type { Clock } from '../../clock/clock.js';
import { SystemClock } from '../../clock/system-clock.js';
import type { Config } from '../../config/config.js';
import { OctoStoreError } from '../../errors/octostore-error.js';
import { locateDatabase, type DatabaseLocation } from '../../installation/database-location.js';
import { LockStore } from '../../store/lock-store.js';
import { storeOptionsOf } from '../../store/store-options.js';
import { databaseFileAt } from '../../journal/database-file-at.js';
import type { Journal } from '../../journal/journal.js';
import { openJournal } from '../../journal/open-journal.js';
import { DatabaseInUseError } from '../../journal/errors.js';
import { readControlFile, removeControlFile } from './control-file.js';
import { requireDatabase } from './require-database.js';
import { RemoteTokens, ServerUnreachableError } from './remote-tokens.js';

/** How long a server may take to start or stop, or another command to end, in milliseconds. */
const IN_USE_MS_MAX = 15_000;

const CHECK_EVERY_MS = 100;

interface Output {
  /** Print one JSON document instead of text. */
  readonly json?: boolean;
}

/** `octostore token create USER`: the token alone on standard output. */
export async function createToken(config: Config, user: string, { json = false }: Output): Promise<void> {
  const made = await atDesk(config, (desk) => desk.create(user));
  if (json) return write(JSON.stringify(made));
  process.stderr.write(`Created a token for ${made.user}, with the id ${made.id}. It is shown only once:\n`);
  write(made.token);
}

/** `octostore token list` */
export async function listTokens(
  config: Config,
  { user, json = false }: Output & { readonly user?: string },
): Promise<void> {
  const tokens = await atDesk(config, (desk) => desk.list(user));
  if (json) return write(JSON.stringify(tokens));
  if (tokens.length === 0) return write('There are no valid tokens.');
  write(tableOf(tokens));
}

/** `octostore token revoke ID...`, or all tokens of a user. */
export async function revokeTokens(
  config: Config,
  ids: readonly string[],
  user: string | undefined,
): Promise<void> {
  await atDesk(config, async (desk) => {
    const unknown: string[] = [];
    for (const id of ids) if (!(await revoke(desk, id))) unknown.push(id);
    if (user !== undefined) await revokeAllOf(desk, user);
    if (unknown.length > 0)
      throw new OctoStoreError('token_not_found', { details: `Unknown: ${unknown.join(', ')}` });
  });
}

async function revokeAllOf(desk: TokenDesk, user: string): Promise<void> {
  const revoked = await desk.revokeAllOf(user);
  if (revoked.length === 0) write(`${user} has no valid token.`);
  for (const { id } of revoked) write(`Revoked ${id}.`);
}

/** Returns whether there was such a token. */
async function revoke(desk: TokenDesk, id: string): Promise<boolean> {
  try {
    await desk.revoke(id);
  } catch (error) {
    if (error instanceof OctoStoreError && error.code === 'token_not_found') return false;
    throw error;
  }
  write(`Revoked ${id}.`);
  return true;
}

/**
 * Manages tokens through the server that runs on the database, or without one if none runs. Waits for a server that is
 * starting or stopping, and for other commands.
 */
async function atDesk<T>(config: Config, use: (desk: TokenDesk) => Promise<T>): Promise<T> {
  const location = await locateDatabase(config.DATABASE_URL);
  const file = databaseFileAt(location);
  // A server may be about to create it.
  if (!file.isBegun()) requireDatabase(location);
  await file.check();
  // Log lines of the server do not belong in the output of a command.
  Logger.overrideLogger(false);
  const clock = new SystemClock();
  const giveUpAtMs = clock.monotonicMs() + IN_USE_MS_MAX;
  for (let look = 1; ; look += 1) {
    if (file.exists()) {
      const journal = await openUnlessInUse(location);
      if (journal !== null) return useJournal({ journal, location, config, clock }, use);
      const server = await runningServer(location);
      if (server !== null) return use(server);
    }
    if (clock.monotonicMs() >= giveUpAtMs) return giveUp(location);
    if (look === 1) printWaiting(location);
    await clock.pause(CHECK_EVERY_MS);
  }
}

function giveUp(location: DatabaseLocation): never {
  requireDatabase(location);
  throw new ServerUnreachableError();
}

function printWaiting(location: DatabaseLocation): void {
  const why = databaseFileAt(location).exists()
    ? `Another OctoStore process is using ${location.path}. Waiting for it`
    : `There is no database at ${location.path} yet. Waiting for a server that may be starting`;
  process.stderr.write(`${why}, ${IN_USE_MS_MAX / 1000} seconds at most.\n`);
}

/** Null if another process is using the database. */
async function openUnlessInUse(location: DatabaseLocation): Promise<Journal | null> {
  try {
    return await openJournal(location);
  } catch (error) {
    if (error instanceof DatabaseInUseError) return null;
    throw error;
  }
}

interface Opened {
  readonly journal: Journal;
  readonly location: DatabaseLocation;
  readonly config: Config;
  readonly clock: Clock;
}

async function useJournal<T>(
  { journal, location, config, clock }: Opened,
  use: (desk: TokenDesk) => Promise<T>,
): Promise<T> {
  const store = await LockStore.lead(journal, clock, storeOptionsOf(config));
  try {
    // A process that was killed left it.
    await removeControlFile(location);
    return await use(new TokenAdministration(await Accounts.openForCommand(journal, store, clock, config)));
  } finally {
    await store.close();
    await journal.close();
  }
}

/** Null if there is no control file. */
async function runningServer(location: DatabaseLocation): Promise<TokenDesk | null> {
  try {
    const control = await readControlFile(location);
    return control === null ? null : new RemoteTokens(control);
  } catch (error) {
    throw new ServerUnreachableError({ cause: error });
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
