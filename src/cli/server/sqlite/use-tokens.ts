import type { TokenDesk } from '../../../auth/tokens/token-desk.js';
import type { Clock } from '../../../clock/clock.js';
import { SystemClock } from '../../../clock/system-clock.js';
import type { Config } from '../../../config/config.js';
import type { SqliteLocation } from '../../../installation/sqlite-location.js';
import { databaseFileAt } from '../../../journal/database-file-at.js';
import { DatabaseInUseError } from '../../../journal/errors.js';
import type { Journal } from '../../../journal/journal.js';
import { openJournal } from '../../../journal/open-journal.js';
import { LockStore } from '../../../store/lock-store.js';
import { storeOptionsOf } from '../../../store/store-options.js';
import { useTokensOf } from '../installation/use-tokens-of.js';
import { IN_USE_MS_MAX, LOOK_EVERY_MS, printWaiting } from '../installation/waiting.js';
import { RemoteTokens, ServerUnreachableError } from '../remote-tokens.js';
import { readControlFile, removeControlFile } from './control-file.js';
import { requireDatabase } from './require-database.js';

type Use<T> = (desk: TokenDesk) => Promise<T>;

interface Place {
  readonly config: Config;
  readonly location: SqliteLocation;
}

/** Manages tokens. See `Installation.useTokens`. */
export async function useTokens<T>({ config, location }: Place, use: Use<T>): Promise<T> {
  const file = databaseFileAt(location);
  // A server may be about to create it.
  if (!file.isBegun()) requireDatabase(location);
  await file.check();
  const clock = new SystemClock();
  const giveUpAtMs = clock.monotonicMs() + IN_USE_MS_MAX;
  for (let look = 1; ; look += 1) {
    if (file.exists()) {
      const journal = await openUnlessInUse(location, clock);
      if (journal !== null) return useJournal(journal, { location, config, clock }, use);
      const server = await runningServer(location);
      if (server !== null) return use(server);
    }
    if (clock.monotonicMs() >= giveUpAtMs) return giveUp(location);
    if (look === 1) printWaiting(whyWaiting(location));
    await clock.pause(LOOK_EVERY_MS);
  }
}

function giveUp(location: SqliteLocation): never {
  requireDatabase(location);
  throw new ServerUnreachableError();
}

function whyWaiting(location: SqliteLocation): string {
  return databaseFileAt(location).exists()
    ? `Another OctoStore process is using ${location.path}. Waiting for it`
    : `There is no database at ${location.path} yet. Waiting for a server that may be starting`;
}

/** Null if another process is using the database. */
async function openUnlessInUse(location: SqliteLocation, clock: Clock): Promise<Journal | null> {
  try {
    return await openJournal(location, clock);
  } catch (error) {
    if (error instanceof DatabaseInUseError) return null;
    throw error;
  }
}

async function useJournal<T>(
  journal: Journal,
  { config, location, clock }: Place & { readonly clock: Clock },
  use: Use<T>,
): Promise<T> {
  const store = await LockStore.lead(journal, clock, storeOptionsOf(config));
  // A process that was killed left it.
  return useTokensOf({ store, clock, config }, (desk) => removeControlFile(location).then(() => use(desk)));
}

/** Null if there is no control file. */
async function runningServer(location: SqliteLocation): Promise<TokenDesk | null> {
  try {
    const control = await readControlFile(location);
    return control === null ? null : new RemoteTokens(control);
  } catch (error) {
    throw new ServerUnreachableError({ cause: error });
  }
}
