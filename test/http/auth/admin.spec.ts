import { SERVER_ORIGIN } from '../../../src/audit/origin.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Accounts } from '../../../src/auth/accounts.js';
import { Client, type Reply } from '../../../lab/kit/http/client.js';
import { ADMIN_KEY, ALICE, startServer, type TestServer } from '../../support/server.js';

const ADA = { provider: 'github', subject: '1', login: 'Ada', avatarUrl: null } as const;
const EVE = { provider: 'github', subject: '2', login: 'alice', avatarUrl: null } as const;

let server: TestServer;
let tokenOfAda: string;
let tokenOfEve: string;

beforeAll(async () => {
  server = await startServer({ ADMIN_USERS: 'ada', STATIC_TOKENS: `alice:${ALICE},ada:token-of-static-ada` });
  const accounts = server.app.get(Accounts);
  tokenOfAda = (await accounts.changes.signIn(ADA, SERVER_ORIGIN)).token;
  tokenOfEve = (await accounts.changes.signIn(EVE, SERVER_ORIGIN)).token;
});

afterAll(() => server.close());

function adminStatus(headers: Record<string, string>, at: TestServer = server): Promise<Reply> {
  return new Client(at.url, null).get('/admin/status', { headers });
}

describe('the admin routes are open to', () => {
  test.each(['x-admin-key', 'x-octostore-admin-key'])('the admin key as %s', async (name) => {
    expect((await adminStatus({ [name]: ADMIN_KEY })).status).toBe(200);
  });

  test('the admin key in both headers', async () => {
    const headers = { 'x-admin-key': ADMIN_KEY, 'x-octostore-admin-key': ADMIN_KEY };
    expect((await adminStatus(headers)).status).toBe(200);
  });

  test('the admin key as bearer token', async () => {
    expect((await adminStatus({ authorization: `Bearer ${ADMIN_KEY}` })).status).toBe(200);
  });

  test('the GitHub users that ADMIN_USERS names, in any case', async () => {
    expect((await adminStatus({ authorization: `Bearer ${tokenOfAda}` })).status).toBe(200);
  });
});

describe('the admin routes are closed to', () => {
  test.each<[string, () => Record<string, string>, number, string]>([
    ['a caller without credentials', () => ({}), 401, 'unauthorized'],
    ['a wrong key', () => ({ 'x-admin-key': `${ADMIN_KEY}x` }), 401, 'unauthorized'],
    ['a wrong key in the other header', () => ({ 'x-octostore-admin-key': 'wrong' }), 401, 'unauthorized'],
    [
      'the key and another one',
      () => ({ 'x-admin-key': ADMIN_KEY, 'x-octostore-admin-key': 'another-key' }),
      401,
      'unauthorized',
    ],
    [
      'another one and the key',
      () => ({ 'x-admin-key': 'another-key', 'x-octostore-admin-key': ADMIN_KEY }),
      401,
      'unauthorized',
    ],
    [
      'the key as bearer token next to a wrong one',
      () => ({ authorization: `Bearer ${ADMIN_KEY}`, 'x-octostore-admin-key': 'wrong' }),
      401,
      'unauthorized',
    ],
    ['part of the key', () => ({ 'x-admin-key': ADMIN_KEY.slice(0, -1) }), 401, 'unauthorized'],
    ['an empty key', () => ({ 'x-admin-key': '' }), 401, 'unauthorized'],
    ['a key in other case', () => ({ 'x-admin-key': ADMIN_KEY.toUpperCase() }), 401, 'unauthorized'],
    ['the key twice', () => ({ 'x-admin-key': `${ADMIN_KEY}, ${ADMIN_KEY}` }), 401, 'unauthorized'],
    ['a user token in the key’s header', () => ({ 'x-admin-key': tokenOfAda }), 401, 'unauthorized'],
    ['an unknown bearer token', () => ({ authorization: 'Bearer unknown' }), 401, 'unauthorized'],
    ['a user who is not an admin', () => ({ authorization: `Bearer ${ALICE}` }), 403, 'admin_required'],
    [
      'a GitHub user who is not an admin',
      () => ({ authorization: `Bearer ${tokenOfEve}` }),
      403,
      'admin_required',
    ],
    [
      'a static user who has the name of an admin',
      () => ({ authorization: 'Bearer token-of-static-ada' }),
      403,
      'admin_required',
    ],
    [
      'an admin who also sends a wrong key',
      () => ({ authorization: `Bearer ${tokenOfAda}`, 'x-admin-key': 'wrong-key' }),
      401,
      'unauthorized',
    ],
  ])('%s', async (_, headers, status, code) => {
    const reply = await adminStatus(headers());
    expect(reply.status).toBe(status);
    expect(reply.body).toMatchObject({ code });
    expect(reply.body).not.toHaveProperty('locks');
  });

  test('any key where none is configured', async () => {
    const keyless = await startServer({ ADMIN_KEY: undefined });
    const attempts: Record<string, string>[] = [
      { 'x-admin-key': ADMIN_KEY },
      { 'x-admin-key': '' },
      { 'x-admin-key': 'undefined' },
      { authorization: 'Bearer undefined' },
    ];
    for (const headers of attempts) {
      expect((await adminStatus(headers, keyless)).status).toBe(401);
    }
    expect((await adminStatus({ authorization: `Bearer ${ALICE}` }, keyless)).status).toBe(403);
    await keyless.close();
  });
});

test('a key with characters beyond ASCII is accepted', async () => {
  const key = 'schlüssel-für-alle';
  const other = await startServer({ ADMIN_KEY: key });
  const bytes = Buffer.from(key, 'utf8').toString('latin1');
  expect((await adminStatus({ 'x-admin-key': bytes }, other)).status).toBe(200);
  await other.close();
});

describe('with several keys and a key for the metrics', () => {
  const [old, current, metricsKey] = ['the-old-admin-key', 'the-current-admin-key', 'the-key-of-prometheus'];
  let rotating: TestServer;

  beforeAll(async () => {
    rotating = await startServer({ ADMIN_KEY: ` ${old} , ${current},`, METRICS_KEY: metricsKey });
  });

  afterAll(() => rotating.close());

  function metrics(headers: Record<string, string>): Promise<Reply> {
    return new Client(rotating.url, null).get('/metrics', { headers });
  }

  const ways = (key: string): Record<string, string>[] => [
    { 'x-admin-key': key },
    { 'x-octostore-admin-key': key },
    { authorization: `Bearer ${key}` },
  ];

  test.each([old, current])('%s opens every route', async (key) => {
    for (const headers of ways(key)) {
      expect((await adminStatus(headers, rotating)).status).toBe(200);
      expect((await metrics(headers)).status).toBe(200);
    }
  });

  test.each([`${old},${current}`, `${old}, ${current}`, `${old} `.repeat(2)])(
    '%j opens nothing',
    async (key) => {
      for (const headers of ways(key)) expect((await adminStatus(headers, rotating)).status).toBe(401);
    },
  );

  test('two keys at once are refused, though both are valid', async () => {
    const headers = { 'x-admin-key': old, 'x-octostore-admin-key': current };
    expect((await adminStatus(headers, rotating)).status).toBe(401);
  });

  test('the metrics key opens the metrics and no other route', async () => {
    for (const headers of ways(metricsKey)) {
      expect((await metrics(headers)).status).toBe(200);
      expect((await adminStatus(headers, rotating)).status).toBe(401);
      expect((await new Client(rotating.url, null).get('/admin/tokens', { headers })).status).toBe(401);
    }
  });

  test('a wrong key does not open the metrics', async () => {
    for (const headers of [...ways(`${metricsKey}x`), {}]) expect((await metrics(headers)).status).toBe(401);
  });
});
