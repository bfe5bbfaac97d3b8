import { describe, expect, test } from 'vitest';
import { ApiContract } from '../../support/schema.js';
import { ADMIN_KEY, ALICE, BOB } from '../../support/server.js';
import { acquire, newName, openSession, useServer } from '../suite.js';

const CAROL = 'token-of-carol-00003';
const DAVE = 'token-of-dave-000004';

const suite = useServer({
  STATIC_TOKENS: `alice:${ALICE},bob:${BOB},carol:${CAROL},dave:${DAVE}`,
  WEBHOOK_ALLOW_PRIVATE_NETWORKS: 'true',
});
const contract = ApiContract.load();

/** The statuses of the answers to: nobody, a token of nobody, the owner, another user, the admin key in either place. */
interface Expectation {
  readonly nobody: number;
  readonly stranger: number;
  readonly owner: number;
  readonly other: number;
  readonly adminHeader: number;
  readonly adminBearer: number;
}

interface Row {
  readonly expected: Expectation;
  /** What the owner has, made anew for each caller. Returns the parameters in the path, and the body. */
  readonly prepare?: () => Promise<{ params?: Record<string, string>; body?: unknown }>;
  readonly tokens?: { readonly owner: string; readonly other: string };
}

/** The admin key is no user. */
const outside = { nobody: 401, stranger: 401, adminHeader: 401, adminBearer: 401 };
const users = (owner: number, other: number): Expectation => ({ ...outside, owner, other });
const everybody = (status: number): Expectation => ({
  nobody: status,
  stranger: status,
  owner: status,
  other: status,
  adminHeader: status,
  adminBearer: status,
});
const operators: Expectation = {
  nobody: 401,
  stranger: 401,
  owner: 403,
  other: 403,
  adminHeader: 200,
  adminBearer: 200,
};

async function lock(body: (leaseId: string) => unknown) {
  const { name, leaseId } = await acquire(suite.alice);
  return { params: { name }, body: body(leaseId) };
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

const rows: Record<string, Row> = {
  'GET /auth/github': { expected: everybody(404) },
  'GET /auth/github/callback': { expected: everybody(404) },
  'POST /auth/token/rotate': { expected: users(200, 200), tokens: { owner: CAROL, other: DAVE } },
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
  'GET /locks/{name}': { expected: users(200, 200), prepare: () => lock(() => undefined) },
  'GET /locks/{name}/watch': { expected: users(200, 200), prepare: () => lock(() => undefined) },
  'GET /locks': { expected: users(200, 200) },
  'GET /watch': { expected: users(200, 200) },
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
  'GET /health': { expected: everybody(200) },
  'GET /health/live': { expected: everybody(200) },
  'GET /health/ready': { expected: everybody(200) },
  'GET /status': { expected: everybody(200) },
  'GET /admin/status': { expected: operators },
  'GET /metrics': { expected: operators },
};

function headersOf(caller: keyof Expectation, { tokens }: Row): Record<string, string> {
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
  const headers: Record<keyof Expectation, Record<string, string>> = {
    nobody: {},
    stranger: bearer('a-token-that-nobody-has'),
    owner: bearer(tokens?.owner ?? ALICE),
    other: bearer(tokens?.other ?? BOB),
    adminHeader: { 'x-admin-key': ADMIN_KEY },
    adminBearer: bearer(ADMIN_KEY),
  };
  return headers[caller];
}

async function ask(method: string, template: string, caller: keyof Expectation, row: Row): Promise<number> {
  const { params = {}, body } = (await row.prepare?.()) ?? {};
  const path = template.replace(/\{(\w+)\}/g, (_, name: string) => params[name] ?? 'missing');
  const response = await fetch(suite.server.url + path, {
    method,
    headers: headersOf(caller, row),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  await response.body?.cancel();
  return response.status;
}

test('every route has a row here, and every row is a route', () => {
  const routes = contract.routes.map(({ method, template }) => `${method} ${template}`);
  expect(Object.keys(rows).toSorted()).toEqual(routes.toSorted());
});

describe.each(Object.entries(rows))('%s', (route, row) => {
  const [method = '', template = ''] = route.split(' ');

  test.each(Object.entries(row.expected))('answers %s with %d', async (caller, expected) => {
    expect(await ask(method, template, caller as keyof Expectation, row)).toBe(expected);
  });

  test('says so in the document', () => {
    const security = contract.routeOf(method, template.replace(/\{\w+\}/g, newName()))?.operation.security;
    const schemes = (security ?? []).flatMap((alternative) => Object.keys(alternative)).toSorted();
    if (row.expected === operators) expect(schemes).toEqual(['adminKey', 'bearerAuth']);
    else expect(schemes).toEqual(row.expected.nobody === 401 ? ['bearerAuth'] : []);
  });
});
