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
import { exitAfterLog } from './exit-after-log.js';
import { showFirstToken } from './first-token.js';
import { listen } from './listen.js';
import { startWarnings } from './start-warnings.js';
import { exitOnSignal, stopOnSignal } from './stop.js';

/** How long the answers to a failed commit may take to reach their clients, in milliseconds. */
const LAST_ANSWERS_MS = 500;

const logger = new Logger('Server');

/** Runs the server until it is told to stop. Resolves once it listens. */
export async function serve(config: Config, location: DatabaseLocation): Promise<void> {
  surviveLossOfOutput();
  const cancelExit = exitOnSignal();
  startLogging(config);
  const clock = new SystemClock();
  const journal = await openJournal(location, clock);
  const term = await leadTerm(journal, { config, clock, location });
  exitWhenStoreFails(term, clock);
  const app = await createApp(config, term, { clock });
  // A file left by a killed process would send the commands to any program that listens on that port now.
  await removeControlFile(location).catch(warnAboutControlFile);
  const url = await listen(app, config.BIND_ADDR);
  stopOnSignal({ app, config, journal, location });
  cancelExit();
  const control = { url, key: app.get(AdminKey).issue() };
  await writeControlFile(location, control).catch(warnAboutControlFile);
  logger.log({ message: 'OctoStore is ready', version: VERSION, url, database: location.path });
  for (const warning of startWarnings(config, term.accounts.usersWithShortTokens)) logger.warn(warning);
  await showFirstToken(term, { url, location, isTerminal: isatty(1) });
}

/** A warning is enough, because clients do not need the control file. */
function warnAboutControlFile(error: unknown): void {
  logger.warn({
    message:
      'The control file cannot be written, so "octostore token" will not reach this server. Check the permissions of the folder of the database',
    error,
  });
}

function exitWhenStoreFails({ store }: Term, clock: Clock): void {
  store.observe({
    failed: (error) => {
      logger.fatal({
        message:
          'A change could not be written. The server stops now, and reloads from disk at its next start',
        error,
      });
      clock.after(LAST_ANSWERS_MS, () => exitAfterLog(EXIT.storeFailed));
    },
  });
}
