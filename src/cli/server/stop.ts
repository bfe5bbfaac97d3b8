import { Logger } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Clock } from '../../clock/clock.js';
import type { Config } from '../../config/config.js';
import { HttpAdapter } from '../../http/http-adapter.js';
import { drainConnections } from '../../lifecycle/drain-connections.js';
import { Lifecycle } from '../../lifecycle/lifecycle.js';
import { LockStore } from '../../store/lock-store.js';
import type { Journal } from '../../journal/journal.js';
import { EXIT } from '../shared/exit-codes.js';
import { exitAfterLog } from './exit-after-log.js';
import type { ControlPublisher } from './installation/control.js';
import { stopSignals } from './stop-signals.js';

/** How long a client may take to send its next request on an open connection, in milliseconds. Longer than any round trip. */
const LAST_REQUEST_MS = 1000;

/**
 * How long requests under way may take to finish at a stop, in milliseconds. Longer than any commit, but short enough that no
 * supervisor kills the process first.
 */
const FINISH_MS = 5_000;

const logger = new Logger('Server');

/** What must be closed before the process exits. */
interface Running {
  readonly app: NestExpressApplication;
  readonly config: Config;
  readonly journal: Journal;
  readonly control: ControlPublisher;
}

/**
 * Exits at once if the process is told to stop while it starts, because it has served no one yet. Returns a function that
 * undoes this.
 */
export function exitOnSignal(): () => void {
  const signals = stopSignals();
  for (const signal of signals) process.on(signal, exitAtOnce);
  return () => {
    for (const signal of signals) process.off(signal, exitAtOnce);
  };
}

function exitAtOnce(): void {
  exitAfterLog(EXIT.ok);
}

/** Shuts the server down when the process is told to stop, then exits. Signals after the first change nothing. */
export function stopOnSignal(running: Running): void {
  let isStopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (isStopping) return;
    isStopping = true;
    logger.log({ message: 'Stopping', signal });
    drainAndClose(running).then(
      () => exitAfterLog(EXIT.ok),
      (error: unknown) => {
        logger.error({ message: 'The stop was not clean', error });
        exitAfterLog(EXIT.failure);
      },
    );
  };
  for (const signal of stopSignals()) process.on(signal, stop);
}

/** First reports unready, so that no one sends more. Then finishes everything under way. Then closes the journal. */
async function drainAndClose({ app, config, journal, control }: Running): Promise<void> {
  const clock = app.get(Clock);
  app.get(Lifecycle).announceStop();
  await clock.pause(config.SHUTDOWN_DELAY_SECONDS * 1000);
  const adapter = app.getHttpAdapter();
  // From here on every answer closes its connection, also the answers to waiters.
  adapter.beforeClose?.();
  app.get(LockStore).drain();
  await drainConnections(app.getHttpServer(), clock, LAST_REQUEST_MS);
  if (adapter instanceof HttpAdapter) clock.after(FINISH_MS, () => adapter.cutConnections());
  await control.withdraw();
  await app.close();
  await journal.close();
  logger.log('Stopped');
}
