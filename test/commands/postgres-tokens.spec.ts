import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { AdminKey } from '../../src/auth/admin-key.js';
import { useTokens } from '../../src/cli/server/postgres/use-tokens.js';
import { loadConfig } from '../../src/config/config.js';
import type { Leader, SharedDatabase, SharedJournal } from '../../src/journal/shared-database.js';
import { controlKey } from '../../src/secrets/control-key.js';
import { secretKeysIn } from '../../src/secrets/secret-keys.js';
import { openJournalAt } from '../support/journal.js';
import { ManualClock } from '../support/manual-clock.js';
import { startServer, type TestServer } from '../support/server.js';
import { testFolder } from '../support/temp-folder.js';

const SECRET_KEY = 'k'.repeat(32);
const NO_ONE = Promise.resolve();

/** A database of which a test says who leads. Its rows are in a SQLite file. */
class FakeDatabase implements SharedDatabase {
  readonly #path = join(testFolder(), 'octostore.db');
  leading: Leader | null = null;
  /** When the leader has been gone for so long that another process can lead. */
  gone: Promise<void> = NO_ONE;
  connections = 0;
  open = 0;
  /** What a leader does that publishes itself. */
  readonly published = {
    reign: 'its-reign',
    join: () => undefined,
    advertise: (url: string | null): Promise<void> => {
      this.leading = url === null ? null : { url, reign: 'its-reign' };
      return Promise.resolve();
    },
  };

  leader(): Promise<Leader | null> {
    return Promise.resolve(this.leading);
  }

  async connect(): Promise<SharedJournal> {
    this.connections += 1;
    const journal = await openJournalAt(this.#path);
    this.open += 1;
    const lead = journal.lead.bind(journal);
    const close = journal.close.bind(journal);
    return Object.assign(journal, this.published, {
      leader: null,
      hasSeenCommit: false,
      onLeader: () => () => undefined,
      follow: () => undefined,
      secretCheck: () => Promise.resolve(null),
      storeSecretCheck: () => NO_ONE,
      resign: () => NO_ONE,
      lead: () => this.gone.then(() => lead()),
      close: () => {
        this.open -= 1;
        return close();
      },
    });
  }

  declareRestored(): never {
    throw new Error('not used');
  }

  cluster(): never {
    throw new Error('not used');
  }

  finalize(): never {
    throw new Error('not used');
  }

  replication(): never {
    throw new Error('not used');
  }

  secretCheck(): never {
    throw new Error('not used');
  }

  keepSecretCheck(): never {
    throw new Error('not used');
  }
}

let database: FakeDatabase;
let printed: string;

beforeEach(() => {
  database = new FakeDatabase();
  printed = '';
  Logger.overrideLogger(false);
  const spy = vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
  onTestFinished(() => spy.mockRestore());
});

function create(user: string, { secretKey = SECRET_KEY, clock = undefined as ManualClock | undefined } = {}) {
  const config = loadConfig({ STATIC_TOKENS: 'alice:token-of-alice-000001' });
  return useTokens(
    { config, database, name: 'the database', keys: secretKeysIn(secretKey, 32) },
    (desk) => desk.create(user),
    clock,
  );
}

/** A server that has published itself in the database. */
async function startLeader(): Promise<TestServer> {
  const server = await startServer();
  onTestFinished(() => server.close());
  server.app.get(AdminKey).accept(controlKey(SECRET_KEY, database.published.reign));
  await database.published.advertise(server.url);
  return server;
}

async function statusWith(url: string, token: string): Promise<number> {
  const response = await fetch(`${url}/locks`, { headers: { authorization: `Bearer ${token}` } });
  await response.body?.cancel();
  return response.status;
}

test('if no server leads, the command leads itself, and gives up afterwards', async () => {
  const { user } = await create('ci');
  expect(user).toBe('local:ci');
  expect(database).toMatchObject({ connections: 1, open: 0 });
  expect(printed).toBe('');
});

test('a server that leads creates the token, with immediate effect', async () => {
  const { url } = await startLeader();
  const { token } = await create('ci');
  expect(await statusWith(url, token)).toBe(200);
  expect(database.connections).toBe(0);
  expect(printed).toBe('');
});

test('if the leader is gone without a goodbye, the command leads as soon as that is known', async () => {
  const server = await startServer();
  const { url } = server;
  await server.close();
  let isGone: () => void = () => undefined;
  database.leading = { url, reign: 'its-reign' };
  database.gone = new Promise((resolve) => (isGone = resolve));
  const created = create('ci');
  await expect.poll(() => database.open).toBe(1);
  expect(printed).toBe(
    'Another OctoStore process is using the database. Waiting for it, 15 seconds at most.\n',
  );
  isGone();
  expect((await created).user).toBe('local:ci');
  expect(database.open).toBe(0);
});

test('a leader that has not published its address yet is waited for', async () => {
  const clock = new ManualClock();
  database.leading = { url: '', reign: 'its-reign' };
  database.gone = new Promise(() => undefined);
  const created = create('ci', { clock });
  await expect.poll(() => clock.hasTimerDueIn(5_000)).toBe(true);
  const { url } = await startLeader();
  clock.advance(5_000);
  await expect.poll(() => clock.hasTimerDueIn(100)).toBe(true);
  clock.advance(100);
  expect(await statusWith(url, (await created).token)).toBe(200);
});

test('with another SECRET_KEY, the command gives up after 15 seconds and says why', async () => {
  await startLeader();
  database.gone = new Promise(() => undefined);
  const clock = new ManualClock();
  const created = create('ci', { clock, secretKey: 'x'.repeat(32) });
  const refusal = created.catch(String);
  for (let attempt = 0; attempt < 3; attempt += 1) {
    await expect.poll(() => clock.hasTimerDueIn(5_000)).toBe(true);
    clock.advance(5_000);
    if (attempt === 2) break;
    await expect.poll(() => clock.hasTimerDueIn(100)).toBe(true);
    clock.advance(100);
  }
  expect(await refusal).toMatch(/has another SECRET_KEY\. Run this with the settings of that server/);
  expect(database.open).toBe(0);
});
