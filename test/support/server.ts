import 'reflect-metadata';
import { Server, type AddressInfo } from 'node:net';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { createApp } from '../../src/app.js';
import type { Clock } from '../../src/clock/clock.js';
import { SystemClock } from '../../src/clock/system-clock.js';
import { loadConfig, type Config } from '../../src/config/config.js';
import type { HttpAdapter } from '../../src/http/http-adapter.js';
import { locateDatabase, type DatabaseLocation } from '../../src/installation/database-location.js';
import type { Journal } from '../../src/journal/journal.js';
import { openJournal } from '../../src/journal/open-journal.js';
import { openTracing } from '../../src/tracing/open-tracing.js';
import type { Tracing } from '../../src/tracing/tracing.js';
import { startLogging } from '../../src/logging/start-logging.js';
import { leadTerm } from '../../src/term.js';
import { newDatabase, type NewDatabase } from './new-database.js';
import { connectPatiently } from './postgres/patient-journal.js';
import { makeFolder } from './temp-folder.js';

/** The users that every test server knows, with their tokens. */
export const ALICE = 'token-of-alice-000001';
export const BOB = 'token-of-bob-00000002';
/** Long, because the tests and their clients share the server’s event loop, and the machine may be busy. */
export const NEW_WORK_MS_MAX = 20_000;

export const ADMIN_KEY = 'the-admin-key-of-tests';

/** No folder. Whether the console of this clone was built makes no difference to the tests. */
const NO_CONSOLE = '/nowhere';

export interface TestServer {
  readonly url: string;
  /** The token of a user who may use every route that does not need an admin. */
  readonly token: string;
  readonly app: NestExpressApplication;
  /** Contains the database. */
  readonly folder: string;
  close(): Promise<void>;
}

function connect(location: DatabaseLocation, clock: Clock): Promise<Journal> {
  return location.engine === 'sqlite' ? openJournal(location, clock) : connectPatiently(location, clock);
}

/** Closes the journal again if no term can begin on it. */
async function lead(
  journal: Journal,
  config: Config,
  location: DatabaseLocation,
  {
    clock,
    tracing,
    consoleAt,
  }: { readonly clock: Clock; readonly tracing: Tracing; readonly consoleAt: string },
): Promise<NestExpressApplication> {
  try {
    const term = await leadTerm(journal, { config, location, clock, tracing });
    return await createApp(config, term, { clock, tracing, newWorkMsMax: NEW_WORK_MS_MAX, consoleAt });
  } catch (error) {
    await journal.close();
    throw error;
  }
}

/**
 * Starts the whole application in this process, on a free loopback port and a new database.
 *
 * @param environment settings in addition to the defaults of tests; `undefined` unsets one.
 * @param clock the server’s time; the machine’s clock if it is omitted.
 * @param consoleAt the folder of a built console; none if it is omitted.
 */
export async function startServer(
  environment: Record<string, string | undefined> = {},
  clock: Clock = new SystemClock(),
  consoleAt = NO_CONSOLE,
): Promise<TestServer> {
  const folder = makeFolder();
  const database = await newDatabase(folder.path);
  const server = await startServerOn(database, environment, clock, consoleAt);
  return {
    ...server,
    folder: folder.path,
    close: async () => {
      await server.close();
      await database.remove();
      folder.remove();
    },
  };
}

/** Starts the application on a database that servers may have led before. To close it leaves the database as it is. */
export async function startServerOn(
  database: NewDatabase,
  environment: Record<string, string | undefined> = {},
  clock: Clock = new SystemClock(),
  consoleAt = NO_CONSOLE,
): Promise<Omit<TestServer, 'folder'>> {
  const config = loadConfig({
    ...database.settings,
    BIND_ADDR: '127.0.0.1:0',
    STATIC_TOKENS: `alice:${ALICE},bob:${BOB}`,
    ADMIN_KEY,
    LOG_LEVEL: 'silent',
    // Many tests send invalid credentials, all from one address.
    AUTH_FAILURES_PER_MINUTE: '1000000',
    LEAN_ROUTES: process.env['LEAN_ROUTES'],
    ...environment,
  });
  startLogging(config);
  const location = await locateDatabase(config.DATABASE_URL);
  const journal = await connect(location, clock);
  const tracing = await openTracing(config, clock);
  const app = await lead(journal, config, location, { clock, tracing, consoleAt });
  await app.listen(config.BIND_ADDR.port, config.BIND_ADDR.host);
  const { port } = app.getHttpServer().address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    token: ALICE,
    app,
    close: async () => {
      // In this order: the server would wait for a connection that arrives after all others were cut.
      Server.prototype.close.call(app.getHttpServer());
      (app.getHttpAdapter() as HttpAdapter).front.cutConnections();
      await app.close();
      await journal.close();
      await tracing.close();
    },
  };
}
