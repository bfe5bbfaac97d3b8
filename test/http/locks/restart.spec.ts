import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CheckedClient } from '../../support/schema-client.js';
import { ADMIN_KEY, ALICE, BOB, startServer } from '../../support/server.js';
import { testFolder } from '../../support/temp-folder.js';
import { acquire, expectError, openSession } from '../suite.js';

/** Texts that a database could misread. */
const METADATA = [
  '',
  'a\u0000b',
  '\u0000',
  '\uFEFFx',
  '🐙',
  '\u2028"\\\r\n',
  '\uffff',
  '{"a":1}',
  'null',
  '1e5',
];

test('after a restart everything is as earlier answers said', async () => {
  const DATABASE_URL = join(testFolder(), 'octostore.db');
  const before = await startServer({ DATABASE_URL });
  const alice = new CheckedClient(before.url, ALICE);
  const session_id = await openSession(alice);
  for (const [index, metadata] of METADATA.entries()) await acquire(alice, `text/${index}`, { metadata });
  const inSession = await acquire(alice, 'in-session', { session_id });
  const released = await acquire(alice, 'released');
  await alice.post('/locks/released/release', { lease_id: released.leaseId });
  const locks = (await alice.get('/locks')).body;
  const session = (await alice.get(`/sessions/${session_id}`)).body;
  await before.close();

  const after = await startServer({ DATABASE_URL });
  const again = new CheckedClient(after.url, ALICE);
  expect((await again.get('/locks')).body).toEqual(locks);
  expect((locks['locks'] as { metadata: unknown }[]).map(({ metadata }) => metadata)).toEqual([
    null,
    ...METADATA,
  ]);
  expect((await again.get(`/sessions/${session_id}`)).body).toEqual(session);
  const lease = { lease_id: inSession.leaseId };
  expect((await again.post('/locks/in-session/renew', { ...lease, ttl_seconds: 60 })).status).toBe(200);
  expect((await again.post('/locks/in-session/release', lease)).status).toBe(200);
  expectError(await again.post('/locks/released/release', { lease_id: released.leaseId }), 'lock_not_found');
  expectError(await again.as(BOB).post('/locks/text/0/acquire', { ttl_seconds: 1 }), 'lock_held');
  expect((await acquire(again, 'released')).token).toBeGreaterThan(released.token);
  await after.close();
});

test('a restart ends no delay and forgets no break', async () => {
  const DATABASE_URL = join(testFolder(), 'octostore.db');
  const before = await startServer({ DATABASE_URL });
  const alice = new CheckedClient(before.url, ALICE);
  const kept = await acquire(alice, 'kept', { min_hold_seconds: 60 });
  await alice.post('/locks/kept/release', { lease_id: kept.leaseId });
  const broken = await acquire(alice, 'broken', { lock_delay_seconds: 60 });
  await alice.as(ADMIN_KEY).post('/locks/broken/break', { reason: 'maintenance' });
  const statuses = async (client: CheckedClient) =>
    Promise.all(['kept', 'broken'].map(async (name) => (await client.get(`/locks/${name}`)).body));
  const delayed = await statuses(alice);
  const { request_id: _, ...refusal } = (await alice.get(`/leases/${broken.leaseId}`)).body;
  await before.close();

  const after = await startServer({ DATABASE_URL });
  const again = new CheckedClient(after.url, ALICE);
  expect(await statuses(again)).toEqual(delayed);
  expect(delayed).toMatchObject([{ status: 'delayed' }, { status: 'delayed' }]);
  expectError(await again.post('/locks/kept/acquire', { ttl_seconds: 1 }), 'lock_delayed');
  const remembered = await again.get(`/leases/${broken.leaseId}`);
  expectError(remembered, 'lease_broken');
  expect(remembered.body).toMatchObject(refusal);
  await again.as(ADMIN_KEY).post('/locks/kept/break', { reason: 'test' });
  expect((await acquire(again, 'kept')).token).toBeGreaterThan(broken.token);
  await after.close();
});
