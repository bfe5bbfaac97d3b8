import { describe, expect, test } from 'vitest';
import { TokenTimesJob } from '../../../src/auth/tokens/token-times.job.js';
import type { CheckedClient } from '../../support/schema-client.js';
import { ManualClock } from '../../support/manual-clock.js';
import { applyPolicy, policyText, removePolicy } from '../access/policy-suite.js';
import { acquire, expectError, useServer } from '../suite.js';

const clock = new ManualClock();
const suite = useServer({}, clock);

async function breakGlass(body: object = {}): Promise<CheckedClient> {
  const reply = await suite.operator.post('/admin/break-glass', body);
  expect(reply.status).toBe(201);
  return suite.alice.as(String(reply.body['token']));
}

describe('a token for an emergency', () => {
  test('is that of an administrator, and ends within a quarter of an hour', async () => {
    const { body } = await suite.operator.post('/admin/break-glass', { reason: 'GitHub is down' });
    const inMs = new Date(String(body['expires_at'])).getTime() - clock.wallMs();
    expect([body['label'], inMs]).toEqual(['GitHub is down', 900_000]);
    const admin = suite.alice.as(String(body['token']));
    expect((await admin.get('/admin/status')).status).toBe(200);
    expect((await admin.get('/me')).body).toMatchObject({ is_administrator: true });
    const { name } = await acquire(suite.alice);
    expect((await admin.post(`/locks/${name}/break`, { reason: 'stuck' })).status).toBe(200);
    clock.advance(900_000);
    await suite.server.app.get(TokenTimesJob).endExpired();
    expectError(await admin.get('/me'), 'token_expired');
  });

  test('shows the locks that no grant shows, so that one knows what to break', async () => {
    const { name } = await acquire(suite.alice);
    await applyPolicy(suite, policyText());
    try {
      const admin = await breakGlass();
      expect((await admin.get(`/locks?prefix=${name}`)).body).toMatchObject({ total: 1, locks: [{ name }] });
      expect((await admin.get(`/locks/${name}`)).body).toMatchObject({ status: 'held', holder: 'alice' });
      expectError(await admin.post(`/locks/${name}/acquire`, { ttl_seconds: 60 }), 'forbidden');
      expectError(await suite.bob.get(`/locks/${name}`), 'forbidden');
    } finally {
      await removePolicy(suite);
    }
  });

  test('makes no other one, and none that lasts longer', async () => {
    const admin = await breakGlass({ expires_in_seconds: 60 });
    expectError(await admin.post('/admin/break-glass', {}), 'forbidden');
    expectError(await admin.post('/tokens', { label: 'x', expires_in_seconds: 61 }), 'forbidden');
    expectError(await suite.alice.post('/admin/break-glass', {}), 'admin_required');
    for (const user of ['break glass', 'local:break glass'])
      expectError(await suite.operator.post('/admin/tokens', { user }), 'validation_failed');
  });

  test.each([[{ expires_in_seconds: 59 }], [{ expires_in_seconds: 3601 }], [{ reason: 'two\nlines' }]])(
    'is not made from %j',
    async (body) => {
      expectError(await suite.operator.post('/admin/break-glass', body), 'validation_failed');
    },
  );

  test('is listed, and ends when it is revoked', async () => {
    const admin = await breakGlass();
    const { body } = await admin.get('/me');
    const { id } = body['token'] as { id: string };
    const { tokens } = (await suite.operator.get('/admin/tokens')).body as {
      tokens: { id: string; user: string }[];
    };
    expect(tokens.find((token) => token.id === id)).toMatchObject({ user: 'local:break glass' });
    expect((await suite.operator.delete(`/admin/tokens/${id}`)).status).toBe(204);
    expectError(await admin.get('/me'), 'unauthorized');
  });
});
