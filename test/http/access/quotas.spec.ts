import { beforeEach, expect, test } from 'vitest';
import { SseStream } from '../../support/sse.js';
import { ALICE } from '../../support/server.js';
import { acquire, expectError, newName, useServer } from '../suite.js';
import { applyPolicy, removePolicy } from './policy-suite.js';

const suite = useServer({ MAX_LOCKS_PER_USER: '3', CLIENT_REQUESTS_PER_SECOND: '1000' });

beforeEach(() => removePolicy(suite));

const withQuota = (limits: string): Promise<unknown> =>
  applyPolicy(
    suite,
    `grants: [{ to: [everyone], may: [acquire], on: ["*"] }]\nquotas: [{ for: [static:alice], ${limits} }]`,
  );

test('a limit of locks replaces that of the settings, in both directions, for the users that it names', async () => {
  await withQuota('locks: 4');
  const held = [];
  for (let count = 0; count < 4; count += 1) held.push(await acquire(suite.alice));
  const refused = await suite.alice.post(`/locks/${newName()}/acquire`, { ttl_seconds: 60 });
  expectError(refused, 'lock_limit_exceeded');
  expect(refused.body['details']).toBe('The limit is 4 locks.');
  for (let count = 0; count < 3; count += 1) await acquire(suite.bob);
  expectError(
    await suite.bob.post(`/locks/${newName()}/acquire`, { ttl_seconds: 60 }),
    'lock_limit_exceeded',
  );
  await withQuota('locks: 1');
  for (const { name, leaseId } of held.slice(1)) {
    expectError(
      await suite.alice.post(`/locks/${newName()}/acquire`, { ttl_seconds: 60 }),
      'lock_limit_exceeded',
    );
    expect((await suite.alice.post(`/locks/${name}/release`, { lease_id: leaseId })).status).toBe(200);
  }
});

test('a limit of sessions', async () => {
  await withQuota('sessions: 1');
  const { body } = await suite.alice.post('/sessions', {});
  expectError(await suite.alice.post('/sessions', {}), 'session_limit_exceeded');
  await suite.alice.delete(`/sessions/${String(body['session_id'])}`);
});

test('a limit of places in lines', async () => {
  await withQuota('waiters: 0');
  const name = newName();
  const held = (await suite.bob.get('/locks?owner=me')).body['locks'] as { name: string; lease_id: string }[];
  const [free] = held;
  await suite.bob.post(`/locks/${free?.name}/release`, { lease_id: free?.lease_id });
  await acquire(suite.bob, name);
  const wait = { ttl_seconds: 60, wait_seconds: 1 };
  expectError(await suite.alice.post(`/locks/${name}/acquire`, wait), 'too_many_waiters');
});

test('a limit of event streams', async () => {
  await withQuota('watches: 1');
  const open = (): Promise<SseStream> => SseStream.open(`${suite.server.url}/watch`, { token: ALICE });
  const first = await open();
  await first.next();
  expect((await open()).status).toBe(503);
});

test('a limit of webhooks', async () => {
  await withQuota('webhooks: 0');
  const refused = await suite.alice.post('/webhooks', { url: 'https://example.com/hook' });
  expectError(refused, 'webhook_limit_exceeded');
  expect(refused.body['details']).toBe('The limit is 0 webhooks.');
});

test('a limit of requests a second, with the time to wait', async () => {
  await withQuota('requests_per_second: 1');
  const path = `/locks/${newName()}`;
  const replies = await Promise.all([1, 2, 3, 4, 5].map(() => suite.alice.get(path)));
  const refused = replies.find(({ status }) => status === 429);
  expect(refused?.headers.get('retry-after')).toBe('1');
  expect((await suite.bob.get(path)).status).toBe(200);
});
