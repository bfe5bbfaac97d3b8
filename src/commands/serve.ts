import { Logger } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { createApp } from '../app.js';
import { FirstStart } from '../auth/first-start.js';
import { Clock } from '../clock/clock.js';
import type { Config } from '../config/config.js';
import { HttpAdapter } from '../http/http-adapter.js';
import { Lifecycle } from '../lifecycle/lifecycle.js';
import { LockStore } from '../store/lock-store.js';
import { VERSION } from '../version.js';
import { EXIT } from './exit-codes.js';
import { newcomerBanner } from './newcomer-banner.js';

/** How long requests under way may take to finish at a stop. Longer than any commit, shorter than any supervisor's patience. */
const FINISH_MS = 10_000;

/** How long the answers to a failed commit get to reach their clients. */
const LAST_WORDS_MS = 500;

const logger = new Logger('Server');

/** Runs the server until it is told to stop. Resolves once it listens. */
export async function serve(config: Config): Promise<void> {
  // Databases, keys and backups are for their owner only.
  process.umask(0o077);
  const app = await createApp(config);
  exitWhenStoreFails(app);
  const { host, port } = config.BIND_ADDR;
  await app.listen(port, host);
  const url = await app.getUrl();
  logger.log({ message: 'OctoStore is ready', version: VERSION, url, database: config.DATABASE_URL });
  const token = await app.get(FirstStart).takeToken();
  if (token !== null) process.stdout.write(newcomerBanner(url, token));
  stopOnSignal(app, config);
}

function exitWhenStoreFails(app: NestExpressApplication): void {
  app.get(LockStore).observe({
    failed: (error) => {
      logger.fatal({
        message: 'A change could not be written. The server ends now and reloads from disk at its next start',
        error,
      });
      setTimer(app, LAST_WORDS_MS, () => process.exit(EXIT.storeFailed));
    },
  });
}

function stopOnSignal(app: NestExpressApplication, config: Config): void {
  let isStopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (isStopping) return;
    isStopping = true;
    logger.log({ message: 'Stopping', signal });
    drainAndClose(app, config).then(
      () => process.exit(EXIT.ok),
      (error: unknown) => {
        logger.error({ message: 'The stop was not clean', error });
        process.exit(EXIT.failure);
      },
    );
  };
  process.on('SIGTERM', stop).on('SIGINT', stop);
}

/** Unready first, so that nobody sends more; then everything under way is finished; then the journal is closed. */
async function drainAndClose(app: NestExpressApplication, config: Config): Promise<void> {
  app.get(Lifecycle).announceStop();
  await new Promise<void>((resolve) => {
    setTimer(app, config.SHUTDOWN_DELAY_SECONDS * 1000, resolve);
  });
  app.get(LockStore).drain();
  const adapter = app.getHttpAdapter();
  if (adapter instanceof HttpAdapter) setTimer(app, FINISH_MS, () => adapter.cutConnections());
  await app.close();
  logger.log('Stopped');
}

function setTimer(app: NestExpressApplication, delayMs: number, task: () => void): void {
  app.get(Clock).after(delayMs, task);
}
