import 'reflect-metadata';
import { isatty } from 'node:tty';
import { Logger } from '@nestjs/common';
import { createApp } from '../../app.js';
import { AdminKey } from '../../auth/admin-key.js';
import { Clock } from '../../clock/clock.js';
import type { Config } from '../../config/config.js';
import { surviveLossOfOutput } from '../../logging/output/standard-output.js';
import type { DatabaseLocation } from '../../installation/database-location.js';
import { VERSION } from '../../version.js';
import { SystemClock } from '../../clock/system-clock.js';
import { openJournal } from '../../journal/open-journal.js';
import { startLogging } from '../../logging/start-logging.js';
import { leadTerm, type Term } from '../../term.js';
import { EXIT } from '../shared/exit-codes.js';
import { removeControlFile, writeControlFile } from './control-file.js';
import { leave } from './leave.js';
import { tellFirstToken } from './first-token.js';
import { listen } from './listen.js';
import { startWarnings } from './start-warnings.js';
import { exitOnSignal, stopOnSignal } from './stop.js';

/** How long the answers to a failed commit get to reach their clients. */
const LAST_WORDS_MS = 500;

const logger = new Logger('Server');

/** Runs the server until it is told to stop. Resolves once it listens. */
export async function serve(config: Config, location: DatabaseLocation): Promise<void> {
  surviveLossOfOutput();
  const noLongerExit = exitOnSignal();
  startLogging(config);
  const clock = new SystemClock();
  const journal = await openJournal(location);
  const term = await leadTerm(journal, { config, clock, location });
  exitWhenStoreFails(term, clock);
  const app = await createApp(config, term, { clock });
  // One of a process that was killed would lead the commands to whoever listens there now.
  await removeControlFile(location).catch(warnAboutCommands);
  const url = await listen(app, config.BIND_ADDR);
  stopOnSignal({ app, config, journal, location });
  noLongerExit();
  const control = { url, key: app.get(AdminKey).issue() };
  await writeControlFile(location, control).catch(warnAboutCommands);
  logger.log({ message: 'OctoStore is ready', version: VERSION, url, database: location.path });
  for (const warning of startWarnings(config, term.accounts.usersWithShortTokens)) logger.warn(warning);
  await tellFirstToken(term, { url, location, isTerminal: isatty(1) });
}

/** Clients do not depend on it. */
function warnAboutCommands(error: unknown): void {
  logger.warn({
    message: 'The control file cannot be written: "octostore token" will not reach this server',
    error,
  });
}

function exitWhenStoreFails({ store }: Term, clock: Clock): void {
  store.observe({
    failed: (error) => {
      logger.fatal({
        message: 'A change could not be written. The server ends now and reloads from disk at its next start',
        error,
      });
      clock.after(LAST_WORDS_MS, () => leave(EXIT.storeFailed));
    },
  });
}
