import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { createApp } from '../../src/app.js';
import { SystemClock } from '../../src/clock/system-clock.js';
import { loadConfig } from '../../src/config/config.js';
import { createFront } from '../../src/http/create-front.js';
import type { Front } from '../../src/http/front.js';
import type { RequestServer } from '../../src/http/request-server.js';
import { locateDatabase } from '../../src/installation/database-location.js';
import { openJournal } from '../../src/journal/open-journal.js';
import { startLogging } from '../../src/logging/start-logging.js';
import { leadTerm } from '../../src/term.js';
import { ALICE } from '../support/server.js';
import { testFolder } from '../support/temp-folder.js';

const TERMS = 10;

/** Nest keeps some objects of the last application in static fields, until there is another application. */
const STILL_HELD_MAX = 1;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Serves while there is no application. */
const NO_ONE: RequestServer = { begin: () => undefined };

/** What one term of the application leaves: its answer, and objects that must be garbage by now. */
interface Left {
  readonly epoch: number;
  readonly fencingToken: number;
  readonly app: WeakRef<object>;
  readonly store: WeakRef<object>;
}

async function prepare() {
  const config = loadConfig({
    DATABASE_URL: join(testFolder(), 'octostore.db'),
    STATIC_TOKENS: `alice:${ALICE}`,
    LOG_LEVEL: 'silent',
  });
  startLogging(config);
  const location = await locateDatabase(config.DATABASE_URL);
  const clock = new SystemClock();
  const journal = await openJournal(location, clock);
  return { config, location, clock, journal };
}

type Prepared = Awaited<ReturnType<typeof prepare>>;

/** @param front the server that outlives the application. The application gets one of its own if it is null. */
async function liveOneTerm(
  { config, location, clock, journal }: Prepared,
  front: Front | null,
): Promise<Left> {
  const term = await leadTerm(journal, { config, clock, location });
  const app = await createApp(config, term, front === null ? { clock } : { clock, front });
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as AddressInfo;
  const fencingToken = await acquire(port);
  front?.serveThrough(NO_ONE);
  await app.close();
  return { epoch: term.store.epoch, fencingToken, app: new WeakRef(app), store: new WeakRef(term.store) };
}

async function acquire(port: number): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${port}/locks/a/acquire`, {
    method: 'POST',
    headers: { authorization: `Bearer ${ALICE}`, connection: 'close' },
    body: JSON.stringify({ ttl_seconds: 600 }),
  });
  expect(answer.status).toBe(200);
  return ((await answer.json()) as { fencing_token: number }).fencing_token;
}

/** Handles that keep a process alive, apart from memory. */
function resources(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) {
    // The test itself waits with these.
    if (kind !== 'Immediate') counts[kind] = (counts[kind] ?? 0) + 1;
  }
  for (const event of process.eventNames()) counts[String(event)] = process.listenerCount(event);
  return counts;
}

async function heldAfterGarbage(left: readonly WeakRef<object>[]): Promise<number> {
  for (let turn = 0; turn < 10; turn += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    collectGarbage();
  }
  return left.filter((reference) => reference.deref() !== undefined).length;
}

async function ownServers(): Promise<null> {
  return Promise.resolve(null);
}

async function oneServer({ config, clock }: Prepared): Promise<Front> {
  const front = createFront(config, clock, []);
  front.serveThrough(NO_ONE);
  await front.listen({ host: '127.0.0.1', port: 0 });
  return front;
}

test.each([
  ['each with a server of its own', ownServers],
  ['behind one server', oneServer],
])(
  'ten applications, built, used and discarded %s, leave nothing behind',
  async (_, serverOf) => {
    const prepared = await prepare();
    const front = await serverOf(prepared);
    const first = await liveOneTerm(prepared, front);
    // Sockets take a moment to close.
    await heldAfterGarbage([]);
    const before = resources();
    const left = [first];
    while (left.length < TERMS) left.push(await liveOneTerm(prepared, front));
    expect(left.map(({ epoch }) => epoch)).toEqual(Array.from({ length: TERMS }, (_, index) => index + 1));
    expect(new Set(left.map(({ fencingToken }) => fencingToken))).toEqual(new Set([first.fencingToken]));
    await expect.poll(() => heldAfterGarbage(left.map(({ app }) => app))).toBeLessThanOrEqual(STILL_HELD_MAX);
    await expect
      .poll(() => heldAfterGarbage(left.map(({ store }) => store)))
      .toBeLessThanOrEqual(STILL_HELD_MAX);
    await expect.poll(resources).toEqual(before);
    front?.server.close();
    await prepared.journal.close();
  },
  120_000,
);
