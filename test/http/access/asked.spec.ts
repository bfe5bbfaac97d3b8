import { beforeEach, describe, expect, test } from 'vitest';
import { ApiContract } from '../../../lab/kit/http/schema.js';
import type { Reply } from '../../../lab/kit/http/client.js';
import { LOCK_NAME_PATTERN } from '../../../src/core/model/lock-name.js';
import type { CheckedClient } from '../../support/schema-client.js';
import { ALICE, BOB } from '../../support/server.js';
import { acquire, newLeaseId, newName, useServer } from '../suite.js';
import { applyPolicy, CAROL, DAVE, ERIN, policyText, removePolicy } from './policy-suite.js';

const FRANK = 'token-of-frank-00006';

const suite = useServer({
  STATIC_TOKENS: Object.entries({
    alice: ALICE,
    bob: BOB,
    carol: CAROL,
    dave: DAVE,
    erin: ERIN,
    frank: FRANK,
  })
    .map(([user, token]) => `${user}:${token}`)
    .join(),
});
const contract = ApiContract.load();

/** Users with one permission on all locks of the tests, and one without any. */
const TOKENS = { acquire: CAROL, observe: DAVE, break: ERIN, administer: FRANK, nothing: BOB } as const;

type Permission = keyof typeof TOKENS;

const NAMES = { acquire: 'carol', observe: 'dave', break: 'erin', administer: 'frank' } as const;

const POLICY = policyText(
  ...Object.entries(NAMES).map(([may, user]) => ({ to: `static:${user}`, may, on: ['team/*'] })),
  { to: 'static:bob', may: 'acquire', on: ['other/*'] },
);

interface Row {
  /** The statuses of the answers to each user. */
  readonly expected: Readonly<Record<Permission, number>>;
  /** Whether a token whose scopes only let it observe may ask. Its owner may acquire. */
  readonly observing: 'answered' | 'refused';
  /** Creates what the caller has, while there is no policy. Returns the parameters in the path, and the body. */
  readonly prepare: (caller: CheckedClient) => Promise<{ params?: Record<string, string>; body?: unknown }>;
}

const onlyAcquire = { acquire: 200, observe: 403, break: 403, administer: 403, nothing: 403 };
const observers = { acquire: 200, observe: 200, break: 200, administer: 200, nothing: 403 };
/** No permission is needed. */
const everyone = { acquire: 200, observe: 200, break: 200, administer: 200, nothing: 200 };

const newLock = (): string => newName('team/lock');

async function heldByCaller(caller: CheckedClient, body: (leaseId: string) => unknown) {
  const { name, leaseId } = await acquire(caller, newLock());
  return { params: { name }, body: body(leaseId) };
}

async function heldByAlice(body: unknown) {
  const { name } = await acquire(suite.alice, newLock());
  return { params: { name }, body };
}

async function fence() {
  const { name, token } = await acquire(suite.alice, newLock());
  const body = { fencing_token: token };
  await suite.alice.post(`/fences/${name}/advance`, body);
  return { params: { name }, body };
}

/** A place in line of the caller's. */
async function place(caller: CheckedClient) {
  const { name } = await acquire(suite.alice, newLock());
  const lease_id = newLeaseId();
  caller
    .post(`/locks/${name}/acquire`, { ttl_seconds: 60, wait_seconds: 60, lease_id })
    .catch(() => undefined);
  await expect.poll(async () => (await suite.alice.get(`/locks/${name}`)).body['waiters']).toBe(1);
  return { params: { name, lease_id } };
}

/** Every route that names a lock or a fence. */
const rows: Record<string, Row> = {
  'POST /locks/{name}/acquire': {
    expected: onlyAcquire,
    observing: 'refused',
    prepare: () => Promise.resolve({ params: { name: newLock() }, body: { ttl_seconds: 60 } }),
  },
  'POST /leases': {
    expected: onlyAcquire,
    observing: 'refused',
    prepare: () => Promise.resolve({ body: { ttl_seconds: 60, locks: [{ name: newLock() }] } }),
  },
  'POST /locks/{name}/renew': {
    expected: onlyAcquire,
    observing: 'refused',
    prepare: (caller) => heldByCaller(caller, (lease_id) => ({ lease_id, ttl_seconds: 60 })),
  },
  'POST /locks/{name}/convert': {
    expected: onlyAcquire,
    observing: 'refused',
    prepare: (caller) => heldByCaller(caller, (lease_id) => ({ lease_id, mode: 'shared' })),
  },
  'POST /locks/{name}/release': {
    expected: everyone,
    observing: 'refused',
    prepare: (caller) => heldByCaller(caller, (lease_id) => ({ lease_id })),
  },
  'POST /locks/{name}/break': {
    expected: { acquire: 403, observe: 403, break: 200, administer: 200, nothing: 403 },
    observing: 'refused',
    prepare: () => heldByAlice({ reason: 'a test' }),
  },
  'POST /locks/{name}/request-release': {
    expected: observers,
    observing: 'answered',
    prepare: () => heldByAlice({}),
  },
  'GET /locks/{name}': { expected: observers, observing: 'answered', prepare: () => heldByAlice(undefined) },
  'GET /locks/{name}/watch': {
    expected: observers,
    observing: 'answered',
    prepare: () => heldByAlice(undefined),
  },
  'GET /queues/{name}': { expected: observers, observing: 'answered', prepare: () => heldByAlice(undefined) },
  'GET /history/{name}': {
    expected: observers,
    observing: 'answered',
    prepare: () => heldByAlice(undefined),
  },
  'GET /explain/{name}': {
    expected: observers,
    observing: 'answered',
    prepare: () => heldByAlice(undefined),
  },
  'DELETE /queues/{name}/{lease_id}': {
    // Who may not acquire the lock has lost the place when the policy came into force.
    expected: { acquire: 200, observe: 404, break: 404, administer: 404, nothing: 404 },
    observing: 'refused',
    prepare: place,
  },
  'POST /fences/{name}/advance': { expected: onlyAcquire, observing: 'refused', prepare: fence },
  'POST /fences/{name}/check': { expected: observers, observing: 'answered', prepare: fence },
  'GET /fences/{name}': { expected: observers, observing: 'answered', prepare: () => heldByAlice(undefined) },
  'DELETE /fences/{name}': {
    expected: { acquire: 403, observe: 403, break: 403, administer: 204, nothing: 403 },
    observing: 'refused',
    prepare: fence,
  },
};

/** Names a lock, but only administrators of the installation can ask. */
const FOR_ADMINISTRATORS = new Set(['GET /admin/policy/why']);

beforeEach(() => removePolicy(suite));

test('every route that names a lock or a fence has a row here', () => {
  const naming = contract.routes
    .filter(({ operation }) => namesALock(operation.parameters) || namesALock(operation.requestBody))
    .map(({ method, template }) => `${method} ${template}`)
    .filter((route) => !FOR_ADMINISTRATORS.has(route));
  expect(Object.keys(rows).toSorted()).toEqual(naming.toSorted());
});

/** Whether a part of the document, or a schema that it refers to, has the pattern of lock names. */
function namesALock(part: unknown): boolean {
  if (Array.isArray(part)) return part.some(namesALock);
  if (typeof part !== 'object' || part === null) return part === LOCK_NAME_PATTERN;
  const { $ref: reference } = part as { $ref?: unknown };
  if (typeof reference !== 'string') return Object.values(part).some(namesALock);
  return namesALock(contract.document.components.schemas[reference.split('/').at(-1) ?? '']);
}

describe.each(Object.entries(rows))('%s', (route, { expected, observing, prepare }) => {
  const [method = '', template = ''] = route.split(' ');

  test.each(Object.entries(TOKENS))('answers a user who may %s as the policy says', async (may, token) => {
    const { params = {}, body } = await prepare(suite.alice.as(token));
    await applyPolicy(suite, POLICY);
    const path = template.replace(/\{(\w+)\}/g, (_, name: string) => params[name] ?? 'missing');
    const reply = await answerTo(method, path, token, body);
    expect(reply.status).toBe(expected[may as Permission]);
    if (reply.status === 403) expect(reply.body['code']).toBe('forbidden');
  });

  test.each([
    ['the locks', observing, { may: ['observe'], on: ['team/*'] }],
    ['other locks', 'refused', { may: ['acquire', 'administer'], on: ['other/*', 'team'] }],
  ])('answers a token of a user who may acquire, with scopes for %s', async (_, outcome, scope) => {
    const owner = suite.alice.as(CAROL);
    const { params = {}, body } = await prepare(owner);
    const made = await owner.post('/tokens', { label: newName('narrow'), scopes: [scope] });
    await applyPolicy(suite, POLICY);
    const path = template.replace(/\{(\w+)\}/g, (__, name: string) => params[name] ?? 'missing');
    const reply = await answerTo(method, path, String(made.body['token']), body);
    expect(reply.status).toBe(outcome === 'answered' ? expected.acquire : 403);
    if (reply.status === 403) expect(reply.body['code']).toBe('forbidden');
    await owner.delete(`/tokens/${String(made.body['id'])}`);
  });
});

/** A stream is answered with its first bytes. */
async function answerTo(
  method: string,
  path: string,
  token: string,
  body: unknown,
): Promise<Pick<Reply, 'status' | 'body'>> {
  if (!path.endsWith('/watch')) return suite.alice.as(token).call(method, path, { body });
  const response = await fetch(suite.server.url + path, { headers: { authorization: `Bearer ${token}` } });
  if (response.status !== 200)
    return { status: response.status, body: (await response.json()) as Reply['body'] };
  await response.body?.cancel();
  return { status: 200, body: {} };
}

test('without a policy, only administrators break locks and delete fences', async () => {
  const { name } = await acquire(suite.alice);
  await suite.expectRefusal('admin_required', () =>
    suite.bob.post(`/locks/${name}/break`, { reason: 'a test' }),
  );
  await suite.expectRefusal('admin_required', () => suite.bob.delete(`/fences/${name}`));
});

test('with a policy, the admin key still breaks every lock', async () => {
  const { name } = await acquire(suite.alice, newLock());
  await applyPolicy(suite, POLICY);
  expect((await suite.operator.post(`/locks/${name}/break`, { reason: 'a test' })).status).toBe(200);
});

test('a lease on several locks is granted and kept only if you may have each of them', async () => {
  const locks = [{ name: newLock() }, { name: newName('hidden') }];
  const carol = suite.alice.as(CAROL);
  const { body } = await carol.post('/leases', { ttl_seconds: 60, locks });
  const path = `/leases/${String(body['lease_id'])}`;
  await applyPolicy(suite, POLICY);
  const others = [{ name: newLock() }, { name: newName('hidden') }];
  const named = { lease_id: body['lease_id'], ttl_seconds: 60 };
  const conversion = { lease_id: body['lease_id'], mode: 'shared' };
  await suite.expectRefusal('forbidden', () => carol.post('/leases', { ttl_seconds: 60, locks: others }));
  await suite.expectRefusal('forbidden', () => carol.post(`${path}/renew`, { ttl_seconds: 60 }));
  await suite.expectRefusal('forbidden', () => carol.post(`/locks/${locks[0]?.name}/renew`, named));
  await suite.expectRefusal('forbidden', () => carol.post(`/locks/${locks[0]?.name}/convert`, conversion));
  expect((await carol.get(path)).status).toBe(200);
  expect((await carol.delete(path)).status).toBe(200);
});

test('a lease on several locks is broken only by someone who may break each of them', async () => {
  const erin = suite.alice.as(ERIN);
  const [own, hidden] = [newLock(), newName('hidden')];
  await suite.alice.post('/leases', { ttl_seconds: 60, locks: [{ name: own }, { name: hidden }] });
  const { token } = await acquire(suite.alice, newLock());
  await applyPolicy(suite, POLICY);
  const reason = 'a test';
  const refused = await suite.expectRefusal('forbidden', () => erin.post(`/locks/${own}/break`, { reason }));
  expect(refused.body['details']).toContain('also holds locks that you may not see');
  expect(JSON.stringify(refused.body)).not.toContain(hidden);
  // Another lease than that of the lock is not broken, so it does not matter.
  expect((await erin.post(`/locks/${own}/break`, { reason, fencing_token: token })).status).toBe(404);
});

test('lists leave out the locks that you may not observe, your own ones included', async () => {
  const prefix = newName('list');
  const dave = suite.alice.as(DAVE);
  for (const name of ['a', 'b', 'c']) await acquire(suite.alice, `${prefix}/${name}`);
  await acquire(dave, `${prefix}/d`);
  const grant = { to: 'static:dave', may: 'observe', on: [`${prefix}/a`, `${prefix}/c`] };
  await applyPolicy(suite, policyText(grant));
  const { body } = await dave.get(`/locks?prefix=${prefix}/&limit=1`);
  expect(body).toMatchObject({ locks: [{ name: `${prefix}/a` }], total: 1 });
  const next = await dave.get(`/locks?prefix=${prefix}/&limit=2&cursor=${String(body['next_cursor'])}`);
  expect(next.body).toMatchObject({ locks: [{ name: `${prefix}/c` }], total: 1, next_cursor: null });
  expect((await dave.get(`/locks?owner=me&prefix=${prefix}/`)).body).toMatchObject({ total: 0 });
});

test('sessions need no permission', async () => {
  await applyPolicy(suite, policyText());
  const { status, body } = await suite.bob.post('/sessions', {});
  expect(status).toBe(201);
  expect((await suite.bob.post(`/sessions/${String(body['session_id'])}/keepalive`)).status).toBe(200);
});
