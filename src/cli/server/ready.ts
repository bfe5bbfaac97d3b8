import { isatty } from 'node:tty';
import { Logger } from '@nestjs/common';
import type { Config } from '../../config/config.js';
import type { DatabaseLocation } from '../../installation/database-location.js';
import type { SqliteLocation } from '../../installation/sqlite-location.js';
import type { Term } from '../../term.js';
import { VERSION } from '../../version.js';
import { showFirstToken } from './first-token.js';
import { startWarnings } from './start-warnings.js';

const logger = new Logger('Server');

/** Whether people read standard output. A log collector must never see a token. */
export function isOnTerminal(): boolean {
  return isatty(1);
}

interface Ready {
  readonly url: string;
  readonly location: DatabaseLocation;
  /** Whether this server leads, or forwards to the one that does. */
  readonly role: 'leader' | 'standby';
}

/** Logs that clients are served from now on. */
export function logReady({ url, location: { engine, name: database }, role }: Ready): void {
  logger.log({ message: 'OctoStore is ready', version: VERSION, url, engine, database, role });
}

/**
 * Logs what operators should know when a server begins to lead, and shows the token of a first start.
 *
 * @param place where the token of a first start is left. Null if there is no such place.
 */
export async function greet(
  term: Term,
  config: Config,
  { url, place }: { readonly url: string; readonly place: SqliteLocation | null },
): Promise<void> {
  for (const warning of startWarnings(config, term.accounts.usersWithShortTokens)) logger.warn(warning);
  await showFirstToken(term, { url, place, isTerminal: isOnTerminal() });
}
