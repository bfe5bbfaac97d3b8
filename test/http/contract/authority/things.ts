import { expect } from 'vitest';
import { BODY_ROUTES } from '../../../../lab/kit/bad-input/bodies.js';
import type { CheckedClient } from '../../../support/schema-client.js';
import { acquire, newLeaseId, newName, openSession, type Suite } from '../../suite.js';
import { signedIn } from '../../auth/browser/browser-suite.js';
import { ALICE } from '../../../support/server.js';

/** What a request names: the parameters in its path, its query and its body. */
export interface Thing {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: string;
  readonly body?: unknown;
}

/** Makes what a request names. It belongs to Alice, the owner. */
type Make = (suite: Suite) => Thing | Promise<Thing>;

const lock =
  (body: (leaseId: string) => unknown = () => undefined): Make =>
  async ({ alice }) => {
    const { name, leaseId } = await acquire(alice);
    return { params: { name }, body: body(leaseId) };
  };

const lease =
  (body?: unknown): Make =>
  async ({ alice }) => {
    const { leaseId } = await acquire(alice);
    return { params: { id: leaseId }, body };
  };

/** A place in line, which the owner is asking for. */
const place: Make = async ({ alice, bob }) => {
  const { name } = await acquire(bob);
  const lease_id = newLeaseId();
  alice
    .post(`/locks/${name}/acquire`, { ttl_seconds: 60, wait_seconds: 60, lease_id })
    .catch(() => undefined);
  await expect.poll(async () => (await bob.get(`/locks/${name}`)).body['waiters']).toBe(1);
  return { params: { name, lease_id } };
};

const session: Make = async ({ alice }) => ({ params: { id: await openSession(alice) } });

const browserSession: Make = async (suite) => {
  const { body } = await (await signedIn(suite, ALICE)).get('/auth/session');
  return { params: { id: String(body['id']) } };
};

const webhook: Make = async ({ alice }) => {
  await deleteWebhooksOf(alice);
  const { body } = await alice.post('/webhooks', { url: 'https://127.0.0.1:1/hook' });
  return { params: { id: String(body['id']), delivery_id: '550e8400-e29b-41d4-a716-446655440000' } };
};

/** A user may have ten at most. */
async function deleteWebhooksOf(client: CheckedClient): Promise<void> {
  const { body: present } = await client.get('/webhooks');
  for (const { id } of Object.values(present) as { id: string }[]) await client.delete(`/webhooks/${id}`);
}

const newWebhook: Make = async ({ alice, bob }) => {
  await deleteWebhooksOf(alice);
  await deleteWebhooksOf(bob);
  return { body: { url: 'https://127.0.0.1:1/hook' } };
};

/** A fence, and the token that it has seen. */
const fence: Make = async ({ alice }) => {
  const { name, token } = await acquire(alice);
  const body = { fencing_token: token };
  await alice.post(`/fences/${name}/advance`, body);
  return { params: { name }, body };
};

const ownToken: Make = async ({ alice }) => {
  const { body } = await alice.post('/tokens', { label: 'laptop', expires_in_seconds: 3600 });
  return { params: { id: String(body['id']) } };
};

const newService = (): Thing => ({ body: { name: newName('service'), owners: ['static:alice'] } });

/** A service account of Alice's, and one of its tokens. */
const service =
  (body?: unknown): Make =>
  async ({ alice, operator }) => {
    const { name, owners } = newService().body as { readonly name: string; readonly owners: string[] };
    await operator.post('/admin/service-accounts', { name, owners });
    const { body: token } = await alice.post(`/service-accounts/${name}/tokens`, { label: 'deploy' });
    return { params: { name, id: String(token['id']) }, body };
  };

const issuedToken: Make = async ({ operator }) => {
  const { body } = await operator.post('/admin/tokens', { user: 'ci' });
  return { params: { id: String(body['id']) } };
};

const heldLock: Make = async ({ alice }) => {
  const { name } = await acquire(alice);
  return { body: { ttl_seconds: 60, locks: [{ name }] } };
};

/** What each route needs, unless it needs nothing. Made again for each caller. */
export const THINGS: Readonly<Record<string, Make>> = {
  'POST /auth/exchange': () => ({ body: BODY_ROUTES['POST /auth/exchange'] }),
  'DELETE /me/sessions/{id}': browserSession,
  'POST /tokens': () => ({ body: { label: 'laptop', expires_in_seconds: 60 } }),
  'DELETE /tokens/{id}': ownToken,
  'POST /locks/{name}/acquire': lock(() => ({ ttl_seconds: 60 })),
  'POST /locks/{name}/release': lock((lease_id) => ({ lease_id })),
  'POST /locks/{name}/renew': lock((lease_id) => ({ lease_id, ttl_seconds: 60 })),
  'POST /locks/{name}/convert': lock((lease_id) => ({ lease_id, mode: 'shared' })),
  'POST /locks/{name}/break': lock(() => ({ reason: 'a test' })),
  'POST /locks/{name}/request-release': lock(() => ({})),
  'GET /locks/{name}': lock(),
  'GET /locks/{name}/watch': lock(),
  'GET /queues/{name}': lock(),
  'GET /history/{name}': lock(),
  'GET /explain/{name}': lock(),
  'DELETE /queues/{name}/{lease_id}': place,
  'POST /leases': heldLock,
  'GET /leases/{id}': lease(),
  'POST /leases/{id}/renew': lease({ ttl_seconds: 60 }),
  'DELETE /leases/{id}': lease(),
  'POST /fences/{name}/advance': fence,
  'POST /fences/{name}/check': fence,
  'GET /fences/{name}': lock(),
  'DELETE /fences/{name}': fence,
  'POST /sessions': () => ({ body: {} }),
  'POST /sessions/{id}/keepalive': session,
  'GET /sessions/{id}': session,
  'DELETE /sessions/{id}': session,
  'POST /webhooks': newWebhook,
  'DELETE /webhooks/{id}': webhook,
  'GET /webhooks/{id}/deliveries': webhook,
  'POST /webhooks/{id}/deliveries/{delivery_id}/redeliver': webhook,
  'POST /webhooks/{id}/deliveries/{delivery_id}/skip': webhook,
  'POST /webhooks/{id}/test': webhook,
  'GET /service-accounts/{name}/tokens': service(),
  'POST /service-accounts/{name}/tokens': service({ label: 'other', expires_in_seconds: 60 }),
  'DELETE /service-accounts/{name}/tokens/{id}': service(),
  'POST /admin/service-accounts': newService,
  'PUT /admin/service-accounts/{name}/owners': service({ owners: ['static:bob'] }),
  'DELETE /admin/service-accounts/{name}': service(),
  'POST /admin/policy/check': () => ({ body: { text: 'grants: []' } }),
  'GET /admin/policy/why': () => ({ query: '?user=alice&action=observe&lock=a' }),
  'GET /admin/policy/versions/{version}': () => ({ params: { version: '1' } }),
  'POST /admin/webhooks/{id}/suspend': webhook,
  'POST /admin/webhooks/{id}/resume': webhook,
  'DELETE /admin/webhooks/{id}': webhook,
  'POST /admin/break-glass': () => ({ body: {} }),
  'POST /admin/tokens': () => ({ body: { user: 'ci', expires_in_seconds: 3600 } }),
  'DELETE /admin/tokens': () => ({ query: '?user=ci' }),
  'DELETE /admin/tokens/{id}': issuedToken,
};
