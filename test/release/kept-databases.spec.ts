import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Client } from '../../lab/kit/http/client.js';
import { SUPERUSER } from '../../lab/kit/postgres/cluster.js';
import { sharedCluster } from '../support/postgres/shared-cluster.js';
import { TestDatabase } from '../support/postgres/test-database.js';
import { Installation } from '../support/process.js';
import { testFolder } from '../support/temp-folder.js';

const KEPT = 'test/release/databases';

/** What `scripts/release/keep-database.mjs` put into the database. */
interface Facts {
  readonly secretKey: string;
  readonly token: string;
  readonly fencingToken: number;
  readonly highest: number;
  readonly webhookId: string;
}

/** The databases that released versions left behind, such as `1.0.0-sqlite`. */
const databases = readdirSync(KEPT);

test('every engine is there', () => {
  expect(databases).toEqual(expect.arrayContaining(['1.0.0-sqlite', '1.0.0-postgres']));
});

describe.each(databases)('the database of %s', (name) => {
  test('has its tokens, counters, fences and webhooks with this version', async () => {
    const facts = JSON.parse(readFileSync(join(KEPT, name, 'facts.json'), 'utf8')) as Facts;
    const settings = { DATABASE_URL: await unpack(name), SECRET_KEY: facts.secretKey };
    const server = await new Installation(settings).start();
    const ada = new Client(server.url, facts.token);
    expect((await ada.get('/me')).body).toMatchObject({ login: 'ada' });
    // A copy of a PostgreSQL database skips numbers, and raises its fences with them.
    const fence = await ada.get('/fences/kept');
    expect(fence.body['highest']).toBeGreaterThanOrEqual(facts.highest);
    expect(JSON.stringify((await ada.get('/webhooks')).body)).toContain(facts.webhookId);
    expect(await deliveriesOf(ada, facts.webhookId)).toContain('"kept"');
    const { status, body } = await ada.post('/locks/new/acquire', { ttl_seconds: 60 });
    expect(status).toBe(200);
    expect(body['fencing_token']).toBeGreaterThan(facts.fencingToken);
  });
});

/** The lease itself ends an hour after the database was kept, but its event has a delivery. */
async function deliveriesOf(client: Client, webhookId: string): Promise<string> {
  const { body } = await client.get(`/webhooks/${webhookId}/deliveries`);
  return JSON.stringify(body);
}

/** Returns a `DATABASE_URL` for a copy. */
async function unpack(name: string): Promise<string> {
  const content = gunzipSync(readFileSync(join(KEPT, name, 'database.gz')));
  if (name.endsWith('-postgres')) return unpackDump(content.toString('utf8'));
  const file = join(testFolder(), 'octostore.db');
  writeFileSync(file, content);
  return file;
}

async function unpackDump(dump: string): Promise<string> {
  const cluster = await sharedCluster();
  if (cluster === null) throw new Error('PostgreSQL is not installed');
  const database = await TestDatabase.empty(cluster);
  onTestFinished(() => database.drop());
  // Lines with a backslash are for psql.
  await cluster.queryAs({ user: SUPERUSER }, dump.replace(/^\\.*$/gm, ''), database.name);
  return cluster.databaseUrl(database.name);
}
