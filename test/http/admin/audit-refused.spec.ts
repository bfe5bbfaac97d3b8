import { expect, test } from 'vitest';
import { Journal } from '../../../src/journal/journal.js';
import type { Reply } from '../../../lab/kit/http/client.js';
import { linesOf } from '../../audit/audit-fixture.js';
import { ALICE } from '../../support/server.js';
import { expectError, useServer } from '../suite.js';

const suite = useServer();

interface Line {
  readonly action: string;
  readonly code: string | null;
  readonly [name: string]: unknown;
}

async function records(): Promise<Line[]> {
  const lines = await linesOf(suite.server.app.get(Journal));
  return lines.map((line) => JSON.parse(line) as Line);
}

const OF_ALICE = {
  actor: { kind: 'user', user_id: expect.any(String), name: 'static:alice' },
  token_id: expect.stringMatching(/^[0-9a-f]{16}$/),
  address: '127.0.0.1',
  request_id: expect.any(String),
  outcome: 'refused',
};

const OF_THE_OPERATOR = { actor: { kind: 'operator' }, address: '127.0.0.1', outcome: 'refused' };

const put = (path: string, body: object): Promise<Reply> =>
  suite.operator.call('PUT', path, { body, headers: { 'if-match': '*' } });

test('what only administrators may ask for', async () => {
  for (let time = 0; time < 2; time += 1)
    expectError(await suite.alice.delete('/admin/tokens/0123456789abcdef'), 'admin_required');
  expect((await records()).filter(({ action }) => action === 'administration')).toMatchObject([
    {
      ...OF_ALICE,
      code: 'admin_required',
      subject: null,
      details: { method: 'DELETE', route: '/admin/tokens/{id}' },
    },
  ]);
});

test('what someone asks for with a wrong admin key', async () => {
  const guesser = suite.nobody.as('a-guess-at-the-admin-key');
  expectError(await guesser.get('/admin/status'), 'unauthorized');
  expect(await records()).toContainEqual(
    expect.objectContaining({
      action: 'authentication',
      actor: { kind: 'unknown' },
      code: 'unauthorized',
      details: { credential: 'admin_key', method: 'GET', route: '/admin/status' },
    }),
  );
});

const NONE = { user: 'service:none' };
const ID = '0123456789abcdef';

test.each<
  [action: string, code: Parameters<typeof expectError>[1], facts: object, act: () => Promise<Reply>]
>([
  [
    'service.create',
    'user_not_found',
    { ...OF_THE_OPERATOR, details: NONE },
    () => suite.operator.post('/admin/service-accounts', { name: 'none', owners: ['github:stranger'] }),
  ],
  [
    'service.owners',
    'service_account_not_found',
    { ...OF_THE_OPERATOR, details: NONE },
    () => put('/admin/service-accounts/none/owners', { owners: ['static:alice'] }),
  ],
  [
    'service.delete',
    'service_account_not_found',
    { ...OF_THE_OPERATOR, details: NONE },
    () => suite.operator.delete('/admin/service-accounts/none'),
  ],
  [
    'token.create',
    'service_account_not_found',
    { ...OF_ALICE, details: NONE },
    () => suite.alice.post('/service-accounts/none/tokens', { label: 'theirs' }),
  ],
  [
    'token.revoke',
    'service_account_not_found',
    { ...OF_ALICE, details: NONE, subject: { kind: 'token', id: ID } },
    () => suite.alice.delete(`/service-accounts/none/tokens/${ID}`),
  ],
  [
    'token.create',
    'user_not_found',
    { ...OF_THE_OPERATOR, details: { user: 'service:never' } },
    () => suite.operator.post('/admin/tokens', { user: 'service:never' }),
  ],
  [
    'token.revoke',
    'user_not_found',
    { ...OF_THE_OPERATOR, details: { user: 'never' } },
    () => suite.operator.delete('/admin/tokens?user=never'),
  ],
  [
    'token.revoke',
    'token_not_found',
    { ...OF_THE_OPERATOR, subject: { kind: 'token', id: ID } },
    () => suite.operator.delete(`/admin/tokens/${ID}`),
  ],
  [
    'token.revoke',
    'token_not_found',
    { ...OF_ALICE, subject: { kind: 'token', id: ID } },
    () => suite.alice.delete(`/tokens/${ID}`),
  ],
  ['policy.apply', 'policy_invalid', OF_THE_OPERATOR, () => put('/admin/policy', { text: 'grants: 7' })],
  [
    'policy.remove',
    'policy_changed',
    OF_THE_OPERATOR,
    () => suite.operator.delete('/admin/policy', { headers: { 'if-match': '"77"' } }),
  ],
])('%s that is refused with %s', async (action, code, facts, act) => {
  expectError(await act(), code);
  expect(await records()).toContainEqual(expect.objectContaining({ ...facts, action, code }));
});

test('a token that tries to make one that may more', async () => {
  const scopes = [{ may: ['acquire'], on: ['billing/*'] }];
  const { body } = await suite.alice.post('/tokens', { label: 'narrow', scopes });
  const wider = { label: 'wide', scopes: [{ may: ['acquire'], on: ['*'] }] };
  expectError(await suite.alice.as(String(body['token'])).post('/tokens', wider), 'scope_too_wide');
  expect((await records()).at(-1)).toMatchObject({
    ...OF_ALICE,
    action: 'token.create',
    code: 'scope_too_wide',
    token_id: body['id'],
  });
});

test('a token for emergencies that tries to make the next one', async () => {
  const { body } = await suite.operator.post('/admin/break-glass', {});
  expectError(await suite.alice.as(String(body['token'])).post('/admin/break-glass', {}), 'forbidden');
  expect((await records()).at(-1)).toMatchObject({
    action: 'token.break_glass',
    code: 'forbidden',
    token_id: body['id'],
  });
});

test('a token that stands where its id belongs is not recorded', async () => {
  await suite.bob.delete(`/tokens/${ALICE}`);
  await suite.bob.delete(`/service-accounts/${ALICE}/tokens/${ALICE}`);
  const refused = (await records()).slice(-2);
  expect(refused).toMatchObject([{ subject: null }, { subject: null, details: { user: null } }]);
  expect(JSON.stringify(await records())).not.toContain(ALICE);
});
