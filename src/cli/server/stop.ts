import { Logger } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Clock } from '../../clock/clock.js';
import type { Config } from '../../config/config.js';
import type { DatabaseLocation } from '../../installation/database-location.js';
import { HttpAdapter } from '../../http/http-adapter.js';
import { drainConnections } from '../../lifecycle/drain-connections.js';
import { Lifecycle } from '../../lifecycle/lifecycle.js';
import { LockStore } from '../../store/lock-store.js';
import type { Journal } from '../../journal/journal.js';
import { EXIT } from '../shared/exit-codes.js';
import { removeControlFile } from './control-file.js';
import { leave } from './leave.js';
import { stopSignals } from './stop-signals.js';

/** How long a client may take to send the next request on a connection that it has. Longer than any round trip. */
const LAST_REQUEST_MS = 1000;

/** How long requests under way may take to finish at a stop. Longer than any commit, shorter than any supervisor's patience. */
const FINISH_MS = 5_000;

const logger = new Logger('Server');

/** What ends with the process. */
interface Running {
  readonly app: NestExpressApplication;
  readonly config: Config;
  readonly journal: Journal;
  readonly location: DatabaseLocation;
}

/** Ends the process at once when it is told to stop while it starts: nobody has been served yet. Returns the way back. */
export function exitOnSignal(): () => void {
  const signals = stopSignals();
  for (const signal of signals) process.on(signal, exitAtOnce);
  return () => {
    for (const signal of signals) process.off(signal, exitAtOnce);
  };
}

function exitAtOnce(): void {
  leave(EXIT.ok);
}

/** Stops the server in order when the process is told to, and exits. Signals after the first change nothing. */
export function stopOnSignal(running: Running): void {
  let isStopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (isStopping) return;
    isStopping = true;
    logger.log({ message: 'Stopping', signal });
    drainAndClose(running).then(
      () => leave(EXIT.ok),
      (error: unknown) => {
        logger.error({ message: 'The stop was not clean', error });
        leave(EXIT.failure);
      },
    );
  };
  for (const signal of stopSignals()) process.on(signal, stop);
}

/** Unready first, so that nobody sends more; then everything under way is finished; then the journal is closed. */
async function drainAndClose({ app, config, journal, location }: Running): Promise<void> {
  const clock = app.get(Clock);
  app.get(Lifecycle).announceStop();
  await clock.pause(config.SHUTDOWN_DELAY_SECONDS * 1000);
  const adapter = app.getHttpAdapter();
  // From here on every answer ends its connection, those of the waiters that are sent away included.
  adapter.beforeClose?.();
  app.get(LockStore).drain();
  await drainConnections(app.getHttpServer(), clock, LAST_REQUEST_MS);
  if (adapter instanceof HttpAdapter) clock.after(FINISH_MS, () => adapter.cutConnections());
  await removeControlFile(location).catch((error: unknown) => {
    logger.warn({ message: 'The control file could not be removed', error });
  });
  await app.close();
  await journal.close();
  logger.log('Stopped');
}
