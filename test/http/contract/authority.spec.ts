import { BODY_ROUTES } from '../../../lab/kit/bad-input/bodies.js';
import { beforeAll, describe, expect, test } from 'vitest';
import { hashToken } from '../../../src/auth/tokens/token-format.js';
import { ApiContract } from '../../../lab/kit/http/schema.js';
import { ADMIN_KEY, ALICE, BOB } from '../../support/server.js';
import { acquire, newLeaseId, newName, openSession, useServer } from '../suite.js';

const CAROL = 'token-of-carol-00003';
const DAVE = 'token-of-dave-000004';

/** Another token of Alice’s, which she rotates first. */
const ROTATED = 'token-of-alice-0000';
/** Has the name of an admin at GitHub. */
const OPS = 'token-of-ops-0000005';
/** Tokens that are rotated by callers with access. */
const [ALICE_TOO, OPS_TOO] = ['token-of-alice-0002', 'token-of-ops-0000006'];

const suite = useServer({
  STATIC_TOKENS: Object.entries({
    [ALICE]: 'alice',
    [ROTATED]: 'alice',
    [ALICE_TOO]: 'alice',
    [BOB]: 'bob',
    [CAROL]: 'carol',
    [DAVE]: 'dave',
    [OPS]: 'ops',
    [OPS_TOO]: 'ops',
  })
    .map(([token, user]) => `${user}:${token}`)
    .join(),
  ADMIN_USERS: 'ops',
  MAX_LOCKS_PER_USER: '1000',
  WEBHOOK_ALLOW_PRIVATE_NETWORKS: '127.0.0.0/8,::1',
});
const contract = ApiContract.load();

/** The statuses of the answers to each kind of caller. */
interface Expectation {
  readonly nobody: number;
  readonly stranger: number;
  /** The owner's token before it was rotated. */
  readonly rotated: number;
  /** A valid token behind another scheme, in a cookie, twice, or with extra text. */
  readonly basic: number;
  readonly cookie: number;
  readonly twice: number;
  readonly followed: number;
  /** The SHA-256 of a valid token, as the database stores it. */
  readonly hash: number;
  readonly owner: number;
  readonly other: number;
  readonly adminHeader: number;
  readonly adminBearer: number;
  /** The token of a user who has the name of a GitHub user in `ADMIN_USERS`, but is not that user. */
  readonly namesake: number;
  /** A valid token beside a wrong admin key. */
  readonly wrongKey: number;
}

interface Row {
  readonly expected: Expectation;
  /** Creates what the owner has, again for each caller. Returns the parameters in the path, the query, and the body. */
  readonly prepare?: () => Promise<{ params?: Record<string, string>; query?: string; body?: unknown }>;
  /** Callers that use other tokens than usual. */
  readonly tokens?: Readonly<Record<'owner' | 'other' | 'namesake' | 'wrongKey', string>>;
}

/** Callers that every route treats as unknown. */
const nobodies = {
  nobody: 401,
  stranger: 401,
  rotated: 401,
  basic: 401,
  cookie: 401,
  twice: 401,
  followed: 401,
  hash: 401,
};

/** The admin key identifies no user. */
const users = (owner: number, other: number): Expectation => ({
  ...nobodies,
  adminHeader: 401,
  adminBearer: 401,
  owner,
  other,
  namesake: other,
  wrongKey: owner,
});
const everyone = (status: number): Expectation => ({
  nobody: status,
  stranger: status,
  rotated: status,
  basic: status,
  cookie: status,
  twice: status,
  followed: status,
  hash: status,
  owner: status,
  other: status,
  adminHeader: status,
  adminBearer: status,
  namesake: status,
  wrongKey: status,
});
const operators: Expectation = {
  ...nobodies,
  owner: 403,
  other: 403,
  adminHeader: 200,
  adminBearer: 200,
  namesake: 403,
  wrongKey: 401,
};

async function lock(body: (leaseId: string) => unknown) {
  const { name, leaseId } = await acquire(suite.alice);
  return { params: { name }, body: body(leaseId) };
}

async function lease(body: unknown) {
  const { leaseId } = await acquire(suite.alice);
  return { params: { id: leaseId }, body };
}

/** A place in line of Alice's, which she is asking for. */
async function place() {
  const { name } = await acquire(suite.bob);
  const lease_id = newLeaseId();
  suite.alice
    .post(`/locks/${name}/acquire`, { ttl_seconds: 60, wait_seconds: 60, lease_id })
    .catch(() => undefined);
  await expect.poll(async () => (await suite.bob.get(`/locks/${name}`)).body['waiters']).toBe(1);
  return { params: { name, lease_id } };
}

async function session() {
  return { params: { id: await openSession(suite.alice) } };
}

async function webhook() {
  // A user may have ten at most.
  const { body: present } = await suite.alice.get('/webhooks');
  for (const { id } of Object.values(present) as { id: string }[])
    await suite.alice.delete(`/webhooks/${id}`);
  const { body } = await suite.alice.post('/webhooks', { url: 'https://127.0.0.1:1/hook' });
  return { params: { id: String(body['id']), delivery_id: '550e8400-e29b-41d4-a716-446655440000' } };
}

/** A fence of Alice's, and the token that it has seen. */
async function fence() {
  const { name, token } = await acquire(suite.alice);
  const body = { fencing_token: token };
  await suite.alice.post(`/fences/${name}/advance`, body);
  return { params: { name }, body };
}

async function ownToken() {
  const { body } = await suite.alice.post('/tokens', { label: 'laptop' });
  return { params: { id: String(body['id']) } };
}

let services = 0;

/** A service account of Alice's, and one of its tokens. */
async function service() {
  const name = `service-${(services += 1)}`;
  const made = await suite.operator.post('/admin/service-accounts', { name, owners: ['static:alice'] });
  expect(made.status).toBe(201);
  const { body } = await suite.alice.post(`/service-accounts/${name}/tokens`, { label: 'deploy' });
  return { params: { name, id: String(body['id']) } };
}

async function issuedToken() {
  const { body } = await suite.operator.post('/admin/tokens', { user: 'ci' });
  return { params: { id: String(body['id']) } };
}

const rows: Record<string, Row> = {
  'GET /auth/github': { expected: everyone(404) },
  'GET /auth/github/callback': { expected: everyone(404) },
  'POST /auth/exchange': {
    expected: everyone(404),
    prepare: () => Promise.resolve({ body: BODY_ROUTES['POST /auth/exchange'] }),
  },
  'GET /auth/oidc': { expected: everyone(404) },
  'GET /auth/oidc/callback': { expected: everyone(404) },
  'POST /auth/token/rotate': {
    expected: users(200, 200),
    tokens: { owner: CAROL, other: DAVE, namesake: OPS_TOO, wrongKey: ALICE_TOO },
  },
  'GET /me': { expected: users(200, 200) },
  'GET /tokens': { expected: users(200, 200) },
  'POST /tokens': {
    expected: users(201, 201),
    prepare: () => Promise.resolve({ body: { label: 'laptop' } }),
  },
  'DELETE /tokens/{id}': { expected: users(204, 404), prepare: ownToken },
  'GET /service-accounts': { expected: users(200, 200) },
  'GET /service-accounts/{name}/tokens': { expected: users(200, 404), prepare: service },
  'POST /service-accounts/{name}/tokens': {
    expected: users(201, 404),
    prepare: async () => ({ ...(await service()), body: { label: 'other' } }),
  },
  'DELETE /service-accounts/{name}/tokens/{id}': { expected: users(204, 404), prepare: service },
  'GET /admin/service-accounts': { expected: operators },
  'POST /admin/service-accounts': {
    expected: { ...operators, adminHeader: 201, adminBearer: 201 },
    prepare: () => {
      const name = `service-${(services += 1)}`;
      return Promise.resolve({ body: { name, owners: ['static:alice'] } });
    },
  },
  'PUT /admin/service-accounts/{name}/owners': {
    expected: operators,
    prepare: async () => ({ ...(await service()), body: { owners: ['static:bob'] } }),
  },
  'DELETE /admin/service-accounts/{name}': {
    expected: { ...operators, adminHeader: 204, adminBearer: 204 },
    prepare: service,
  },
  'POST /locks/{name}/acquire': {
    expected: users(200, 409),
    prepare: () => lock(() => ({ ttl_seconds: 60 })),
  },
  'POST /locks/{name}/release': {
    expected: users(200, 404),
    prepare: () => lock((lease_id) => ({ lease_id })),
  },
  'POST /locks/{name}/renew': {
    expected: users(200, 404),
    prepare: () => lock((lease_id) => ({ lease_id, ttl_seconds: 60 })),
  },
  'POST /locks/{name}/convert': {
    expected: users(200, 404),
    prepare: () => lock((lease_id) => ({ lease_id, mode: 'shared' })),
  },
  'POST /locks/{name}/break': { expected: operators, prepare: () => lock(() => ({ reason: 'a test' })) },
  'POST /locks/{name}/request-release': { expected: users(200, 200), prepare: () => lock(() => ({})) },
  'GET /locks/{name}': { expected: users(200, 200), prepare: () => lock(() => undefined) },
  'GET /locks/{name}/watch': { expected: users(200, 200), prepare: () => lock(() => undefined) },
  'GET /queues/{name}': { expected: users(200, 200), prepare: () => lock(() => undefined) },
  'DELETE /queues/{name}/{lease_id}': { expected: users(200, 404), prepare: place },
  'POST /leases': {
    expected: users(200, 409),
    prepare: async () => {
      const { name } = await acquire(suite.alice);
      return { body: { ttl_seconds: 60, locks: [{ name }] } };
    },
  },
  'GET /leases/{id}': { expected: users(200, 404), prepare: () => lease(undefined) },
  'POST /leases/{id}/renew': { expected: users(200, 404), prepare: () => lease({ ttl_seconds: 60 }) },
  'DELETE /leases/{id}': { expected: users(200, 404), prepare: () => lease(undefined) },
  'GET /locks': { expected: users(200, 200) },
  'GET /watch': { expected: users(200, 200) },
  'POST /fences/{name}/advance': { expected: users(200, 200), prepare: fence },
  'POST /fences/{name}/check': { expected: users(200, 200), prepare: fence },
  'GET /fences/{name}': { expected: users(200, 200), prepare: () => lock(() => undefined) },
  'DELETE /fences/{name}': {
    expected: { ...operators, adminHeader: 204, adminBearer: 204 },
    prepare: fence,
  },
  'POST /sessions': { expected: users(201, 201), prepare: () => Promise.resolve({ body: {} }) },
  'POST /sessions/{id}/keepalive': { expected: users(200, 404), prepare: session },
  'GET /sessions/{id}': { expected: users(200, 404), prepare: session },
  'DELETE /sessions/{id}': { expected: users(204, 404), prepare: session },
  'POST /webhooks': {
    expected: users(201, 201),
    prepare: () => Promise.resolve({ body: { url: 'https://127.0.0.1:1/hook' } }),
  },
  'GET /webhooks': { expected: users(200, 200) },
  'DELETE /webhooks/{id}': { expected: users(204, 404), prepare: webhook },
  'GET /webhooks/{id}/deliveries': { expected: users(200, 404), prepare: webhook },
  'POST /webhooks/{id}/deliveries/{delivery_id}/redeliver': { expected: users(404, 404), prepare: webhook },
  'POST /webhooks/{id}/deliveries/{delivery_id}/skip': { expected: users(404, 404), prepare: webhook },
  'POST /webhooks/{id}/test': { expected: users(200, 404), prepare: webhook },
  'GET /policy.schema.json': { expected: everyone(200) },
  'GET /admin/audit': { expected: operators },
  'GET /admin/policy': { expected: operators },
  // Without If-Match, which only those learn who have access.
  'PUT /admin/policy': { expected: { ...operators, adminHeader: 422, adminBearer: 422 } },
  'DELETE /admin/policy': { expected: { ...operators, adminHeader: 422, adminBearer: 422 } },
  'POST /admin/policy/check': {
    expected: operators,
    prepare: () => Promise.resolve({ body: { text: 'grants: []' } }),
  },
  'GET /admin/policy/why': {
    expected: operators,
    prepare: () => Promise.resolve({ query: '?user=alice&action=observe&lock=a' }),
  },
  'GET /admin/policy/versions': { expected: operators },
  'GET /admin/policy/versions/{version}': {
    expected: { ...operators, adminHeader: 404, adminBearer: 404 },
    prepare: () => Promise.resolve({ params: { version: '1' } }),
  },
  'GET /admin/webhooks': { expected: operators },
  'POST /admin/webhooks/{id}/suspend': { expected: operators, prepare: webhook },
  'POST /admin/webhooks/{id}/resume': { expected: operators, prepare: webhook },
  'DELETE /admin/webhooks/{id}': {
    expected: { ...operators, adminHeader: 204, adminBearer: 204 },
    prepare: webhook,
  },
  'GET /.well-known/jwks.json': { expected: everyone(200) },
  'GET /health': { expected: everyone(200) },
  'GET /health/live': { expected: everyone(200) },
  'GET /health/ready': { expected: everyone(200) },
  'GET /status': { expected: everyone(200) },
  'GET /admin/status': { expected: operators },
  'GET /metrics': { expected: operators },
  'POST /admin/break-glass': {
    expected: { ...operators, adminHeader: 201, adminBearer: 201 },
    prepare: () => Promise.resolve({ body: {} }),
  },
  'POST /admin/tokens': {
    expected: { ...operators, adminHeader: 201, adminBearer: 201 },
    prepare: () => Promise.resolve({ body: { user: 'ci' } }),
  },
  'GET /admin/tokens': { expected: operators },
  'DELETE /admin/tokens': {
    expected: operators,
    prepare: () => Promise.resolve({ query: '?user=ci' }),
  },
  'DELETE /admin/tokens/{id}': {
    expected: { ...operators, adminHeader: 204, adminBearer: 204 },
    prepare: issuedToken,
  },
};

function headersOf(caller: keyof Expectation, { tokens }: Row): Record<string, string> {
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
  const owner = tokens?.owner ?? ALICE;
  const headers: Record<keyof Expectation, Record<string, string>> = {
    nobody: {},
    stranger: bearer('an-unknown-token'),
    rotated: bearer(ROTATED),
    basic: { authorization: `Basic ${Buffer.from(`alice:${ALICE}`).toString('base64')}` },
    cookie: { cookie: `authorization=Bearer ${ALICE}; token=${ALICE}` },
    twice: bearer(`${ALICE}, Bearer ${ALICE}`),
    followed: bearer(`${ALICE} ${ALICE}`),
    hash: bearer(hashToken(ALICE)),
    owner: bearer(owner),
    other: bearer(tokens?.other ?? BOB),
    adminHeader: { 'x-admin-key': ADMIN_KEY },
    adminBearer: bearer(ADMIN_KEY),
    namesake: bearer(tokens?.namesake ?? OPS),
    wrongKey: { ...bearer(tokens?.wrongKey ?? owner), 'x-admin-key': `${ADMIN_KEY}x` },
  };
  return headers[caller];
}

beforeAll(async () => {
  const reply = await suite.alice.as(ROTATED).post('/auth/token/rotate');
  expect(reply.status).toBe(200);
});

async function ask(method: string, template: string, caller: keyof Expectation, row: Row): Promise<number> {
  const { params = {}, query = '', body } = (await row.prepare?.()) ?? {};
  const path = template.replace(/\{(\w+)\}/g, (_, name: string) => params[name] ?? 'missing');
  const response = await fetch(suite.server.url + path + query, {
    method,
    headers: headersOf(caller, row),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  await response.body?.cancel();
  return response.status;
}

test('every route has a row here, and every row has a route', () => {
  const routes = contract.routes.map(({ method, template }) => `${method} ${template}`);
  expect(Object.keys(rows).toSorted()).toEqual(routes.toSorted());
});

describe.each(Object.entries(rows))('%s', (route, row) => {
  const [method = '', template = ''] = route.split(' ');

  test.each(Object.entries(row.expected))('answers %s with %d', async (caller, expected) => {
    expect(await ask(method, template, caller as keyof Expectation, row)).toBe(expected);
  });

  test('has this access in the API document', () => {
    const security = contract.routeOf(method, template.replace(/\{\w+\}/g, newName()))?.operation.security;
    const schemes = (security ?? []).flatMap((alternative) => Object.keys(alternative)).toSorted();
    if (row.expected.owner === 403) expect(schemes).toEqual(['adminKey', 'bearerAuth']);
    else expect(schemes).toEqual(row.expected.nobody === 401 ? ['bearerAuth'] : []);
  });
});
