import { describe, expect, test } from 'vitest';
import { SERVER_ORIGIN } from '../../../src/audit/origin.js';
import { Accounts } from '../../../src/auth/accounts.js';
import type { Identity } from '../../../src/auth/user-directory.js';
import { TOKENS_PER_USER_MAX } from '../../../src/auth/tokens/tokens.js';
import { acquire, expectError, useServer } from '../suite.js';

const suite = useServer({ ADMIN_USERS: 'ada,grace' });

interface Facts {
  readonly id: string;
  readonly user: string;
  readonly created_at: string | null;
}

async function create(user: string): Promise<Facts & { token: string }> {
  const { status, body } = await suite.operator.post('/admin/tokens', { user });
  expect(status).toBe(201);
  return body as unknown as Facts & { token: string };
}

async function list(user?: string): Promise<Facts[]> {
  const { status, body } = await suite.operator.get(
    `/admin/tokens${user === undefined ? '' : `?user=${user}`}`,
  );
  expect(status).toBe(200);
  return body['tokens'] as Facts[];
}

const statusOf = async (token: string) => (await suite.alice.as(token).get('/locks')).status;

test('a new token belongs to its user, and its text is shown once', async () => {
  const { id, token, user } = await create('ci');
  expect(user).toBe('local:ci');
  expect(token).toMatch(/^octo_/);
  const { body } = await suite.alice.as(token).post('/locks/made/acquire', { ttl_seconds: 60 });
  expect(body).toMatchObject({ status: 'acquired', holder: 'ci' });
  const listed = await list();
  expect(listed.map((facts) => facts.id)).toContain(id);
  expect(JSON.stringify(listed)).not.toContain(token);
});

test('two tokens of one user hold the same locks', async () => {
  const [first, second] = [await create('pair'), await create('pair')];
  const { name } = await acquire(suite.alice.as(first.token));
  const { body } = await suite.alice.as(second.token).get(`/locks?owner=me`);
  expect(body['locks']).toMatchObject([{ name }]);
});

test('a user of the configuration can have more tokens', async () => {
  const { token, user } = await create('alice');
  expect(user).toBe('static:alice');
  const { body } = await suite.alice.as(token).post('/locks/alices/acquire', { ttl_seconds: 60 });
  expect(body).toMatchObject({ holder: 'alice' });
});

describe('the token of an administrator', () => {
  const signIn = async (identity: Identity) =>
    suite.alice.as((await suite.server.app.get(Accounts).changes.signIn(identity, SERVER_ORIGIN)).token);
  const gitHub = (login: string, subject: string): Identity => ({
    provider: 'github',
    subject,
    login,
    avatarUrl: null,
  });

  test('creates tokens of others, but of no administrator', async () => {
    const ada = await signIn(gitHub('ada', '1'));
    await signIn(gitHub('grace', '2'));
    const { body } = await suite.operator.post('/admin/break-glass', {});
    for (const admin of [ada, suite.alice.as(String(body['token']))]) {
      expect((await admin.post('/admin/tokens', { user: 'ci' })).status).toBe(201);
      for (const user of ['github:grace', 'ada'])
        expectError(await admin.post('/admin/tokens', { user }), 'forbidden');
    }
    expect((await suite.operator.post('/admin/tokens', { user: 'github:grace' })).status).toBe(201);
  });
});

test('a login alone does not mean an account of OpenID Connect, whose user may have chosen it', async () => {
  const subject = 'https://login.example.com:4711';
  const identity: Identity = { provider: 'oidc', subject, login: 'nightly', avatarUrl: null };
  await suite.server.app.get(Accounts).changes.signIn(identity, SERVER_ORIGIN);
  const service = { name: 'robot', owners: ['nightly'] };
  const refused = await suite.operator.post('/admin/service-accounts', service);
  expectError(refused, 'user_not_found');
  expect(refused.body['details']).toContain('use oidc:ISSUER:SUBJECT');
  expect((await create('nightly')).user).toBe('local:nightly');
  expect((await create(`oidc:${subject}`)).user).toBe(`oidc:${subject}`);
  expect((await list('nightly')).map(({ user }) => user)).toContain(`oidc:${subject}`);
});

test('the list marks tokens of the configuration, and filters by user', async () => {
  const { id } = await create('lister');
  expect(await list('lister')).toEqual([
    {
      id,
      kind: 'token',
      user: 'local:lister',
      user_id: expect.any(String),
      label: null,
      created_at: expect.stringMatching(/^20/),
      expires_at: null,
      last_used_at: null,
      scopes: null,
    },
  ]);
  expect(await list('LISTER')).toHaveLength(1);
  expect(await list('static:lister')).toEqual([]);
  expect(await list('static:bob')).toMatchObject([{ user: 'static:bob', created_at: null }]);
  expect(await list('nobody-at-all')).toEqual([]);
});

test('a revoked token ends at once, and the other tokens of its user stay valid', async () => {
  const [revoked, stays] = [await create('leaver'), await create('leaver')];
  expect(await statusOf(revoked.token)).toBe(200);
  expect((await suite.operator.delete(`/admin/tokens/${revoked.id}`)).status).toBe(204);
  expect(await statusOf(revoked.token)).toBe(401);
  expect(await statusOf(stays.token)).toBe(200);
  expectError(await suite.operator.delete(`/admin/tokens/${revoked.id}`), 'token_not_found');
});

test('all tokens of a user end at once, and those of others stay valid', async () => {
  const [first, second, other] = [await create('goner'), await create('goner'), await create('stayer')];
  const { status, body } = await suite.operator.delete('/admin/tokens?user=GONER');
  expect(status).toBe(200);
  expect(body['tokens']).toMatchObject([
    { id: first.id, user: 'local:goner' },
    { id: second.id, user: 'local:goner' },
  ]);
  expect([await statusOf(first.token), await statusOf(second.token), await statusOf(other.token)]).toEqual([
    401, 401, 200,
  ]);
  const again = await suite.operator.delete('/admin/tokens?user=goner');
  expect(again).toMatchObject({ status: 200, body: { tokens: [] } });
});

test('no token ends unless the request says whose', async () => {
  const { token } = await create('bystander');
  for (const query of ['', '?user=', '?user=a%20b', '?users=bystander']) {
    expectError(await suite.operator.delete(`/admin/tokens${query}`), 'validation_failed');
  }
  expectError(await suite.operator.delete('/admin/tokens?user=nobody-at-all'), 'user_not_found');
  expect(await statusOf(token)).toBe(200);
});

test('a revoked token is refused on a connection that is already open', async () => {
  const { id, token } = await create('connected');
  const statuses = [await statusOf(token), await statusOf(token)];
  await suite.operator.delete(`/admin/tokens/${id}`);
  expect([...statuses, await statusOf(token), await statusOf(token)]).toEqual([200, 200, 401, 401]);
});

test.each(['xyz', '0000000000000000', 'ba7816bf8f01cfea', 'a.b', 'ä'])(
  'token %s does not exist',
  async (id) => {
    expectError(await suite.operator.delete(`/admin/tokens/${id}`), 'token_not_found');
  },
);

describe('no token is created', () => {
  test.each(['', 'a b', 'a,b', 'a:b', 'other:a', 'github:', 'a\u0000', 'x'.repeat(101)])(
    'for %j',
    async (user) => {
      const before = await list();
      const reply = await suite.operator.post('/admin/tokens', { user });
      expectError(reply, 'validation_failed');
      expect(reply.body['details']).toContain('user must be a login');
      expect(await list()).toEqual(before);
    },
  );

  test.each([
    ['github:nobody-yet', 'GitHub'],
    ['static:nobody', 'STATIC_TOKENS'],
  ])('for %s, a user that only a sign-in or the configuration can create', async (user, why) => {
    const before = await list();
    const reply = await suite.operator.post('/admin/tokens', { user });
    expectError(reply, 'user_not_found');
    expect(reply.body['details']).toContain(why);
    expect(await list()).toEqual(before);
  });

  test('for a name that several users have, unless the request says which', async () => {
    await create('local:alice');
    const reply = await suite.operator.post('/admin/tokens', { user: 'alice' });
    expectError(reply, 'user_ambiguous');
    expect(reply.body['details']).toContain('static:alice, local:alice');
    expect((await create('static:alice')).user).toBe('static:alice');
  });

  test('beyond the limit per user', async () => {
    for (let count = 0; count < TOKENS_PER_USER_MAX; count += 1) await create('many');
    expectError(await suite.operator.post('/admin/tokens', { user: 'many' }), 'token_limit_exceeded');
    expect(await list('many')).toHaveLength(TOKENS_PER_USER_MAX);
  });
});
