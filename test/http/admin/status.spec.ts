import { describe, expect, test } from 'vitest';
import { SseStream } from '../../support/sse.js';
import { ADMIN_KEY, ALICE } from '../../support/server.js';
import { acquire, useServer } from '../suite.js';

const suite = useServer();
const withoutKey = useServer({ ADMIN_KEY: undefined });

test('shows operators the state of the server', async () => {
  const { token } = await acquire(suite.alice);
  const watch = await SseStream.open(`${suite.server.url}/watch`, { token: ALICE });
  await watch.next();
  const { status, body } = await suite.operator.get('/admin/status');
  expect(status).toBe(200);
  expect(body).toEqual({
    service: 'OctoStore',
    role: 'leader',
    term: expect.any(Number),
    version: expect.any(String),
    status: 'ready',
    database: 'sqlite',
    uptime_seconds: expect.any(Number),
    locks_held: 1,
    sessions: 0,
    waiters: 0,
    fencing_token: token,
    event_sequence: 1,
    events_pruned_through: 0,
    epoch: 1,
    pending_commands: 0,
    storage_low: false,
    watchers: 1,
    webhooks: 0,
    webhook_deliveries_pending: 0,
    webhook_deliveries_dead: 0,
  });
});

describe('accepts', () => {
  test('the key in X-Admin-Key', async () => {
    const headers = { 'x-admin-key': ADMIN_KEY };
    expect((await suite.nobody.get('/admin/status', { headers })).status).toBe(200);
    expect((await suite.alice.get('/admin/status', { headers })).status).toBe(200);
  });

  test('the key as bearer token', async () => {
    expect((await suite.operator.get('/admin/status')).status).toBe(200);
  });
});

describe('refuses', () => {
  test.each([
    ['another key', 'not-the-admin-key-of-tests'],
    ['part of the key', ADMIN_KEY.slice(0, -1)],
    ['the key with an extra character', `${ADMIN_KEY}x`],
    ['the key in capitals', ADMIN_KEY.toUpperCase()],
    ['an empty key', ''],
  ])('%s', async (_, key) => {
    await suite.expectRefusal('unauthorized', () =>
      suite.nobody.get('/admin/status', { headers: { 'x-admin-key': key } }),
    );
    await suite.expectRefusal('unauthorized', () => suite.nobody.as(key).get('/admin/status'));
  });

  test('a wrong key, whatever token comes with it', async () => {
    await suite.expectRefusal('unauthorized', () =>
      suite.operator.get('/admin/status', { headers: { 'x-admin-key': 'wrong' } }),
    );
  });

  test('users who are not admins, with 403 admin_required', async () => {
    await suite.expectRefusal('admin_required', () => suite.alice.get('/admin/status'));
    await suite.expectRefusal('admin_required', () => suite.alice.get('/metrics'));
  });

  test('everyone if no key is configured', async () => {
    for (const key of ['undefined', 'null', ''])
      expect((await withoutKey.nobody.get('/admin/status', { headers: { 'x-admin-key': key } })).status).toBe(
        401,
      );
    expect((await withoutKey.nobody.get('/admin/status')).status).toBe(401);
    expect((await withoutKey.alice.get('/admin/status')).status).toBe(403);
  });
});
