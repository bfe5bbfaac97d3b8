import { describe, expect, test } from 'vitest';
import { hashToken } from '../../../src/auth/tokens/token-format.js';
import { firstIdOf } from '../../../src/auth/tokens/valid-token.js';
import { Journal } from '../../../src/journal/journal.js';
import { linesOf, verify } from '../../audit/audit-fixture.js';
import { ALICE } from '../../support/server.js';
import { acquire, useServer } from '../suite.js';

const suite = useServer({ WEBHOOK_ALLOW_PRIVATE_NETWORKS: '127.0.0.0/8,::1' });

interface Line {
  readonly action: string;
  readonly actor: { readonly kind: string };
  readonly subject: { readonly id: string };
  readonly [name: string]: unknown;
}

const journal = (): Journal => suite.server.app.get(Journal);

async function last(): Promise<Line> {
  return JSON.parse((await linesOf(journal())).at(-1) ?? '{}') as Line;
}

const OF_THE_OPERATOR = { actor: { kind: 'operator' }, address: '127.0.0.1', outcome: 'ok', code: null };

test('the static tokens that the server began with', async () => {
  const [first = '{}'] = await linesOf(journal());
  expect(JSON.parse(first)).toMatchObject({
    action: 'configuration.change',
    actor: { kind: 'server' },
    details: { static_tokens: { 'static:alice': [firstIdOf(hashToken(ALICE))] } },
  });
});

test('a token that an administrator creates, and its revocation', async () => {
  const { body } = await suite.operator.post('/admin/tokens', { user: 'ci', label: 'deploy' });
  expect(await last()).toMatchObject({
    ...OF_THE_OPERATOR,
    action: 'token.create',
    request_id: expect.any(String),
    token_id: null,
    subject: { kind: 'token', id: body['id'] },
    details: { user: 'local:ci', user_id: body['user_id'], label: 'deploy', expires_at: null },
  });
  await suite.operator.delete(`/admin/tokens/${String(body['id'])}`);
  expect(await last()).toMatchObject({
    ...OF_THE_OPERATOR,
    action: 'token.revoke',
    subject: { kind: 'token', id: body['id'] },
  });
});

test('tokens that a user makes, rotates and revokes, with the token that was used', async () => {
  const { body } = await suite.operator.post('/admin/tokens', { user: 'robin' });
  const robin = suite.alice.as(String(body['token']));
  const of = {
    actor: { kind: 'user', user_id: body['user_id'], name: 'local:robin' },
    token_id: body['id'],
    outcome: 'ok',
  };
  const made = await robin.post('/tokens', { label: 'laptop' });
  const subject = { kind: 'token', id: made.body['id'] };
  expect(await last()).toMatchObject({
    ...of,
    action: 'token.create',
    subject,
    details: { label: 'laptop' },
  });
  await robin.delete(`/tokens/${String(made.body['id'])}`);
  expect(await last()).toMatchObject({ ...of, action: 'token.revoke', subject });
  await robin.post('/auth/token/rotate');
  expect(await last()).toMatchObject({
    ...of,
    action: 'token.rotate',
    subject: { kind: 'token', id: body['id'] },
  });
});

test('a break, with the leases that it ended', async () => {
  const { name, token } = await acquire(suite.alice);
  await suite.operator.post(`/locks/${name}/break`, { reason: 'worker-7 is gone' });
  expect(await last()).toMatchObject({
    ...OF_THE_OPERATOR,
    action: 'lock.break',
    subject: { kind: 'lock', id: name },
    details: {
      reason: 'worker-7 is gone',
      leases: [{ fencing_token: token, user_id: expect.any(String) }],
      ended_delay: false,
    },
  });
});

test('a policy that is applied and removed', async () => {
  const text = 'grants:\n  - to: [everyone]\n    may: [acquire]\n    on: ["*"]\n';
  const applied = await suite.operator.call('PUT', '/admin/policy', {
    body: { text },
    headers: { 'if-match': '*' },
  });
  const subject = { kind: 'policy', id: String(applied.body['version']) };
  expect(await last()).toMatchObject({ ...OF_THE_OPERATOR, action: 'policy.apply', subject });
  await suite.operator.call('DELETE', '/admin/policy', { headers: { 'if-match': '*' } });
  expect(await last()).toMatchObject({ ...OF_THE_OPERATOR, action: 'policy.remove' });
});

test('a fence that is deleted', async () => {
  const { token } = await acquire(suite.alice);
  await suite.alice.post('/fences/store/advance', { fencing_token: token });
  await suite.operator.delete('/fences/store');
  expect(await last()).toMatchObject({
    ...OF_THE_OPERATOR,
    action: 'fence.delete',
    subject: { kind: 'fence', id: 'store' },
  });
});

describe('what administrators do with webhooks', () => {
  async function newWebhook(): Promise<{ path: string; of: object }> {
    const { body } = await suite.alice.post('/webhooks', { url: 'https://127.0.0.1:1/in?key=a-secret' });
    const id = String(body['id']);
    const details = { user: 'static:alice', user_id: body['user_id'], host: '127.0.0.1:1' };
    return { path: `/admin/webhooks/${id}`, of: { subject: { kind: 'webhook', id }, details } };
  }

  test('each change once', async () => {
    const { path, of } = await newWebhook();
    const before = (await linesOf(journal())).length;
    for (let time = 0; time < 2; time += 1) await suite.operator.post(`${path}/suspend`);
    expect(await last()).toMatchObject({ ...OF_THE_OPERATOR, ...of, action: 'webhook.suspend' });
    for (let time = 0; time < 2; time += 1) await suite.operator.post(`${path}/resume`);
    expect(await last()).toMatchObject({ ...OF_THE_OPERATOR, ...of, action: 'webhook.resume' });
    await suite.operator.delete(path);
    expect(await last()).toMatchObject({ ...OF_THE_OPERATOR, ...of, action: 'webhook.delete' });
    expect(await linesOf(journal())).toHaveLength(before + 3);
    expect((await linesOf(journal())).join('\n')).not.toContain('a-secret');
  });

  test('and what is refused', async () => {
    const { path, of } = await newWebhook();
    await suite.alice.delete(path.replace('/admin', ''));
    await suite.operator.delete(path);
    expect(await last()).toMatchObject({
      action: 'webhook.delete',
      subject: (of as Line).subject,
      outcome: 'refused',
      code: 'webhook_not_found',
    });
  });
});

test('all of them form one chain', async () => {
  const lines = await linesOf(journal());
  expect(verify(lines)).toMatchObject({ records: lines.length, flaw: null, first: 1 });
});
