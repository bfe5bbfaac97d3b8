import 'reflect-metadata';
import { isatty } from 'node:tty';
import { Logger } from '@nestjs/common';
import { createApp } from '../../app.js';
import { AdminKey } from '../../auth/admin-key.js';
import { Clock } from '../../clock/clock.js';
import type { Config } from '../../config/config.js';
import { surviveLossOfOutput } from '../../logging/output/standard-output.js';
import { VERSION } from '../../version.js';
import { SystemClock } from '../../clock/system-clock.js';
import { TermEndedError } from '../../journal/errors.js';
import { startLogging } from '../../logging/start-logging.js';
import { leadTerm, type Term } from '../../term.js';
import { EXIT } from '../shared/exit-codes.js';
import { exitAfterLog } from './exit-after-log.js';
import { showFirstToken } from './first-token.js';
import type { Installation } from './installation/installation.js';
import { listen } from './listen.js';
import { startWarnings } from './start-warnings.js';
import { exitOnSignal, stopOnSignal } from './stop.js';

/** How long the answers to a failed commit may take to reach their clients, in milliseconds. */
const LAST_ANSWERS_MS = 500;

const logger = new Logger('Server');

/** Runs the server until it is told to stop. Resolves once it listens. */
export async function serve(config: Config, installation: Installation): Promise<void> {
  surviveLossOfOutput();
  const cancelExit = exitOnSignal();
  startLogging(config);
  const clock = new SystemClock();
  const { location, firstTokenPlace } = installation;
  const isTerminal = isatty(1);
  const mayShowToken = isTerminal || firstTokenPlace !== null;
  const connected = await installation.connect(clock);
  const { journal, control } = connected;
  const term = await connected.beginTerm(() => leadTerm(journal, { config, clock, location, mayShowToken }));
  exitWhenStoreFails(term, clock);
  const app = await createApp(config, term, { clock });
  await control.clear();
  const url = await listen(app, config.BIND_ADDR);
  stopOnSignal({ app, config, journal, control });
  cancelExit();
  await control.publish(url, app.get(AdminKey));
  const { engine, name: database } = location;
  logger.log({ message: 'OctoStore is ready', version: VERSION, url, engine, database });
  for (const warning of startWarnings(config, term.accounts.usersWithShortTokens)) logger.warn(warning);
  await showFirstToken(term, { url, place: firstTokenPlace, isTerminal });
}

function exitWhenStoreFails({ store }: Term, clock: Clock): void {
  store.observe({
    failed: (error) => {
      logger.fatal({ message: whyStoreFailed(error), error });
      clock.after(LAST_ANSWERS_MS, () => exitAfterLog(EXIT.storeFailed));
    },
  });
}

function whyStoreFailed(error: unknown): string {
  return error instanceof Error && error.cause instanceof TermEndedError
    ? 'Another server leads on this database now. This one stops, and waits for its turn after its next start'
    : 'A change could not be written. The server stops now, and reloads from disk at its next start';
}
