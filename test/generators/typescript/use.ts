// Uses the client that openapi-typescript generates from openapi.yaml. It is beside this file when this is compiled.
import assert from 'node:assert/strict';
import createClient from 'openapi-fetch';
import type { paths } from './api.js';

const { OCTOSTORE_BASE_URL: baseUrl = '', OCTOSTORE_TOKEN = '', OCTOSTORE_OTHER_TOKEN = '' } = process.env;
const clientOf = (token: string) =>
  createClient<paths>({ baseUrl, headers: { authorization: `Bearer ${token}` } });
const alice = clientOf(OCTOSTORE_TOKEN);
const bob = clientOf(OCTOSTORE_OTHER_TOKEN);

const params = { path: { name: 'generators/typescript' } };

const session = (await alice.POST('/sessions')).data;
assert(session !== undefined);
assert(session.keepalive_interval_secs > 0);

const granted = (
  await alice.POST('/locks/{name}/acquire', {
    params,
    body: { ttl_seconds: 60, session_id: session.session_id },
  })
).data;
assert(granted !== undefined);
// The lease id of your own lease is a string. This must compile without a check or a cast.
const lease_id: string = granted.lease_id;

const conflict = await bob.POST('/locks/{name}/acquire', { params, body: { ttl_seconds: 60 } });
assert.equal(conflict.response.status, 409);
assert(conflict.error !== undefined && 'retry_after_ms' in conflict.error);
assert.equal(conflict.error.code, 'lock_held');
assert(conflict.error.retry_after_ms > 0);

const renewed = (await alice.POST('/locks/{name}/renew', { params, body: { lease_id, ttl_seconds: 120 } }))
  .data;
assert.equal(renewed?.fencing_token, granted.fencing_token);

const held = (await alice.GET('/locks/{name}', { params })).data;
assert(held?.status === 'held');
// `status` tells the two apart, so the compiler knows the fields of this one.
assert.equal(held.lease_id, lease_id);
assert.equal(held.holder, 'alice');

const list = (
  await alice.GET('/locks', { params: { query: { prefix: 'generators/', owner: 'me', limit: 10 } } })
).data;
assert.deepEqual(
  list?.locks.map(({ name }) => name),
  [params.path.name],
);

const released = (await alice.POST('/locks/{name}/release', { params, body: { lease_id } })).data;
assert.equal(released?.status, 'released');
const free = (await alice.GET('/locks/{name}', { params })).data;
assert(free?.status === 'available');
assert.equal(free.waiters, 0);

const id = session.session_id;
const kept = await alice.POST('/sessions/{id}/keepalive', { params: { path: { id } } });
assert.equal(kept.data?.session_id, id);
const ended = await alice.DELETE('/sessions/{id}', { params: { path: { id } } });
assert.equal(ended.response.status, 204);

const webhook = (
  await alice.POST('/webhooks', { body: { url: 'https://example.com/hooks', events: ['acquired'] } })
).data;
assert.deepEqual(webhook?.events, ['acquired']);

const refused = await clientOf('not-a-token').GET('/locks');
assert.equal(refused.error?.code, 'unauthorized');
