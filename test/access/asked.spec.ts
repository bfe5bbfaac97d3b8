import { beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { Client } from '../../lab/kit/http/client.js';
import type { Action, Actor } from '../../src/access/may.js';
import { acquire, newName, openSession, useServer } from '../http/suite.js';
import { ALICE, BOB } from '../support/server.js';
import { SseStream } from '../support/sse.js';
import { sharedCertificate, WebhookReceiver } from '../support/webhook-receiver.js';

/** Once a user is shut out, `may` refuses them every session, and every lock whose name contains "hidden". */
const shut = vi.hoisted(() => ({ out: '' }));

vi.mock('../../src/access/may.js', () => ({
  may: ({ userId }: Actor, _action: Action, subject: { lockName?: string }): boolean =>
    userId !== shut.out || subject.lockName?.includes('hidden') === false,
}));

const suite = useServer({
  WEBHOOK_ALLOW_PRIVATE_NETWORKS: '127.0.0.0/8,::1',
  WEBHOOK_CA_FILE: sharedCertificate().caFile,
});

let bobsId = '';
let bob: Client;

beforeAll(async () => {
  const { name } = await acquire(suite.bob, newName('mine'));
  bobsId = String((await suite.bob.get(`/locks/${name}`)).body['holder_id']);
  bob = new Client(suite.server.url, BOB);
});

beforeEach(() => {
  shut.out = '';
});

/** Two locks that Alice holds. Bob may see only the first. */
async function twoLocks(): Promise<{ prefix: string; open: string; hidden: string }> {
  const prefix = newName('access');
  const { name: open } = await acquire(suite.alice, `${prefix}/a`);
  const { name: hidden } = await acquire(suite.alice, `${prefix}/hidden`);
  shut.out = bobsId;
  return { prefix, open, hidden };
}

test('a lock that you may not acquire is not granted', async () => {
  shut.out = bobsId;
  const name = newName('hidden');
  const refused = await bob.post(`/locks/${name}/acquire`, { ttl_seconds: 60 });
  expect([refused.status, refused.body['code']]).toEqual([404, 'lock_not_found']);
  expect((await suite.alice.get(`/locks/${name}`)).body).toMatchObject({ status: 'available' });
});

test('a lease that you may no longer have is not renewed, but you may release it', async () => {
  const { name, leaseId } = await acquire(suite.bob, newName('hidden'));
  shut.out = bobsId;
  const renewal = { lease_id: leaseId, ttl_seconds: 60 };
  expect((await bob.post(`/locks/${name}/renew`, renewal)).status).toBe(404);
  expect((await bob.post(`/locks/${name}/release`, { lease_id: leaseId })).status).toBe(200);
});

test('a session that you may not keep is neither opened nor kept alive', async () => {
  const sessionId = await openSession(suite.bob);
  shut.out = bobsId;
  expect((await bob.post('/sessions', {})).status).toBe(404);
  expect((await bob.post(`/sessions/${sessionId}/keepalive`)).status).toBe(404);
});

test('a fence that you may not use looks as if it did not exist', async () => {
  const name = newName('hidden');
  const body = { fencing_token: (await acquire(suite.bob)).token };
  await suite.bob.post(`/fences/${name}/advance`, body);
  shut.out = bobsId;
  const calls = [bob.post(`/fences/${name}/advance`, body), bob.post(`/fences/${name}/check`, body)];
  for (const { status, body: refusal } of await Promise.all([...calls, bob.get(`/fences/${name}`)])) {
    expect([status, refusal['code']]).toEqual([404, 'fence_not_found']);
  }
});

test('the status of a lock that you may not observe does not show its holder', async () => {
  const { open, hidden } = await twoLocks();
  expect((await bob.get(`/locks/${open}`)).body).toMatchObject({ status: 'held', holder: 'alice' });
  expect((await bob.get(`/locks/${hidden}`)).body).toMatchObject({ status: 'available' });
});

test('a list leaves out the locks that you may not observe', async () => {
  const { prefix, open } = await twoLocks();
  expect((await bob.get(`/locks?prefix=${prefix}/`)).body).toMatchObject({
    locks: [{ name: open }],
    total: 1,
  });
});

test('a watch leaves out the locks that you may not observe, in its state and in its events', async () => {
  const { prefix, open } = await twoLocks();
  const stream = await SseStream.open(`${suite.server.url}/watch?prefix=${prefix}/`, { token: BOB });
  expect((await stream.next()).data).toMatchObject({ locks: [{ name: open }], complete: true });
  await acquire(suite.alice, `${prefix}/hidden-too`);
  const { name } = await acquire(suite.alice, `${prefix}/z`);
  expect((await stream.next()).data).toMatchObject({ event: 'acquired', lock: name });
  expect(stream.waiting).toBe(0);
});

test('a webhook receives no events that its owner may not observe', async () => {
  const receiver = await WebhookReceiver.start();
  const prefix = newName('access');
  await suite.bob.post('/webhooks', { url: receiver.url(), lock_pattern: `${prefix}/*` });
  shut.out = bobsId;
  await acquire(suite.alice, `${prefix}/hidden`);
  const { name } = await acquire(suite.alice, `${prefix}/z`);
  const [message] = await receiver.receives(1);
  expect(JSON.parse(message?.body ?? '')).toMatchObject({ event: 'acquired', lock: name });
});

test('a lease on several locks is granted and renewed only if you may have each of them', async () => {
  const locks = [{ name: newName('open') }, { name: newName('hidden') }];
  const { body } = await suite.bob.post('/leases', { ttl_seconds: 60, locks });
  const path = `/leases/${String(body['lease_id'])}`;
  const renewal = { lease_id: body['lease_id'], ttl_seconds: 60 };
  shut.out = bobsId;
  const others = [{ name: newName('open') }, { name: newName('hidden') }];
  expect((await bob.post('/leases', { ttl_seconds: 60, locks: others })).status).toBe(404);
  expect((await bob.post(`${path}/renew`, { ttl_seconds: 60 })).status).toBe(404);
  expect((await bob.post(`/locks/${locks[0]?.name}/renew`, renewal)).status).toBe(404);
  expect((await bob.delete(path)).status).toBe(200);
});

test('the line of a lock that you may not observe looks empty', async () => {
  const { name } = await acquire(suite.alice, newName('hidden'));
  void suite.bob.post(`/locks/${name}/acquire`, { ttl_seconds: 60, wait_seconds: 60 }).catch(() => undefined);
  await expect.poll(async () => (await suite.alice.get(`/queues/${name}`)).body['total']).toBe(1);
  shut.out = bobsId;
  expect((await bob.get(`/queues/${name}`)).body).toMatchObject({ waiters: 0, total: 0, queue: [] });
});

test('a lease that you may no longer have is not converted', async () => {
  const locks = [{ name: newName('open') }, { name: newName('hidden') }];
  const { body } = await suite.bob.post('/leases', { ttl_seconds: 60, locks });
  shut.out = bobsId;
  const conversion = { lease_id: body['lease_id'], mode: 'shared' };
  expect((await bob.post(`/locks/${locks[0]?.name}/convert`, conversion)).status).toBe(404);
  expect((await suite.alice.get(`/locks/${locks[0]?.name}`)).body).toMatchObject({ mode: 'exclusive' });
});

test('you cannot ask for a lock that you may not observe', async () => {
  const { open, hidden } = await twoLocks();
  expect((await bob.post(`/locks/${open}/request-release`)).status).toBe(200);
  const refused = await bob.post(`/locks/${hidden}/request-release`);
  expect([refused.status, refused.body['code']]).toEqual([404, 'lock_not_found']);
});

test('the status of a lock that you may not observe does not show that it is delayed', async () => {
  const terms = { min_hold_seconds: 60 };
  const { name, leaseId } = await acquire(suite.alice, newName('hidden'), terms);
  await suite.alice.post(`/locks/${name}/release`, { lease_id: leaseId });
  expect((await bob.get(`/locks/${name}`)).body).toMatchObject({ status: 'delayed' });
  shut.out = bobsId;
  expect((await bob.get(`/locks/${name}`)).body).toMatchObject({ status: 'available' });
});

test('events name only those locks of a lease that you may observe', async () => {
  const receiver = await WebhookReceiver.start();
  const prefix = newName('access');
  await suite.bob.post('/webhooks', { url: receiver.url(), lock_pattern: `${prefix}/*` });
  const watch = (token: string) => SseStream.open(`${suite.server.url}/watch?prefix=${prefix}/`, { token });
  const [bobs, alices] = [await watch(BOB), await watch(ALICE)];
  shut.out = bobsId;
  const names = [`${prefix}/a`, `${prefix}/hidden`, `${prefix}/z`];
  await suite.alice.post('/leases', { ttl_seconds: 60, locks: names.map((name) => ({ name })) });
  const visible = [`${prefix}/a`, `${prefix}/z`];
  const seen = (await bobs.take(3)).slice(1).map(({ data }) => [data['lock'], data['lease_locks']]);
  expect(seen).toEqual(visible.map((name) => [name, visible]));
  expect((await alices.take(4)).at(-1)?.data).toMatchObject({ lock: `${prefix}/z`, lease_locks: names });
  const messages = (await receiver.receives(2)).map(({ body }) => JSON.parse(body) as object);
  expect(messages).toMatchObject(visible.map((lock) => ({ lock, lease_locks: visible })));
});
