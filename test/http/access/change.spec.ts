import { beforeEach, expect, test } from 'vitest';
import { ALICE, BOB } from '../../support/server.js';
import { SseStream } from '../../support/sse.js';
import { sharedCertificate, WebhookReceiver } from '../../support/webhook-receiver.js';
import { acquire, expectError, newLeaseId, newName, useServer } from '../suite.js';
import { applyPolicy, CAROL, policyText, removePolicy } from './policy-suite.js';

const suite = useServer({
  STATIC_TOKENS: `alice:${ALICE},bob:${BOB},carol:${CAROL}`,
  WEBHOOK_ALLOW_PRIVATE_NETWORKS: '127.0.0.0/8,::1',
  WEBHOOK_CA_FILE: sharedCertificate().caFile,
});

beforeEach(() => removePolicy(suite));

const bobMay = (may: string, ...on: readonly string[]): string => policyText({ to: 'static:bob', may, on });

async function waiters(name: string): Promise<unknown> {
  return (await suite.alice.get(`/locks/${name}`)).body['waiters'];
}

function watch(path: string, token: string, lastEventId: number | null = null): Promise<SseStream> {
  return SseStream.open(`${suite.server.url}${path}`, { token, lastEventId });
}

test('a request that waits is refused when its lock is no longer granted, and those behind it move up', async () => {
  const { name, leaseId } = await acquire(suite.alice);
  const wait = { ttl_seconds: 60, wait_seconds: 60 };
  const refused = suite.bob.post(`/locks/${name}/acquire`, wait);
  await expect.poll(() => waiters(name)).toBe(1);
  const carol = suite.alice.as(CAROL);
  const granted = carol.post(`/locks/${name}/acquire`, wait);
  await expect.poll(() => waiters(name)).toBe(2);
  await applyPolicy(suite, policyText({ to: 'static:carol', may: 'acquire', on: [name] }));
  expectError(await refused, 'forbidden');
  expect(await waiters(name)).toBe(1);
  await suite.alice.post(`/locks/${name}/release`, { lease_id: leaseId });
  expect((await granted).body).toMatchObject({ status: 'acquired' });
});

test('of requests that leave together, none is granted', async () => {
  const [first, second] = [newName(), newName()];
  await acquire(suite.alice, first);
  // Carol waits for both locks, so Bob waits behind her for the second one, which no one holds.
  const carol = suite.alice.as(CAROL);
  const locks = [{ name: first }, { name: second }];
  const both = carol.post('/leases', { ttl_seconds: 60, wait_seconds: 60, locks });
  await expect.poll(() => waiters(second)).toBe(1);
  const behind = suite.bob.post(`/locks/${second}/acquire`, { ttl_seconds: 60, wait_seconds: 60 });
  await expect.poll(() => waiters(second)).toBe(2);
  await applyPolicy(suite, policyText());
  expectError(await both, 'forbidden');
  expectError(await behind, 'forbidden');
  expect((await suite.alice.get(`/locks/${second}`)).body).toMatchObject({ status: 'available', waiters: 0 });
});

test('a kept place is lost, too', async () => {
  const { name } = await acquire(suite.alice);
  const request = { ttl_seconds: 60, wait_seconds: 1, lease_id: newLeaseId() };
  await suite.bob.post(`/locks/${name}/acquire`, request);
  expect((await suite.alice.get(`/queues/${name}`)).body['total']).toBe(1);
  await applyPolicy(suite, policyText());
  expect((await suite.alice.get(`/queues/${name}`)).body['total']).toBe(0);
});

test('a request that waits goes on if its lock is still granted', async () => {
  const { name, leaseId } = await acquire(suite.alice);
  const waiting = suite.bob.post(`/locks/${name}/acquire`, { ttl_seconds: 60, wait_seconds: 60 });
  await expect.poll(() => waiters(name)).toBe(1);
  await applyPolicy(suite, bobMay('acquire', name));
  await suite.alice.post(`/locks/${name}/release`, { lease_id: leaseId });
  expect((await waiting).status).toBe(200);
});

test('a lease whose lock is no longer granted runs out', async () => {
  const { name, leaseId } = await acquire(suite.bob);
  await applyPolicy(suite, policyText());
  const renewal = { lease_id: leaseId, ttl_seconds: 60 };
  await suite.expectRefusal('forbidden', () => suite.bob.post(`/locks/${name}/renew`, renewal));
  expect((await suite.alice.get(`/locks/${name}`)).body).toMatchObject({ status: 'held', holder: 'bob' });
});

test('a stream of one lock ends when the lock may no longer be observed', async () => {
  const [open, hidden] = [newName(), newName()];
  const streams = [
    await watch(`/locks/${open}/watch`, BOB),
    await watch(`/locks/${hidden}/watch`, BOB),
  ] as const;
  for (const stream of streams) await stream.next();
  await applyPolicy(suite, bobMay('observe', open));
  await streams[1].ended;
  expect((await watch(`/locks/${hidden}/watch`, BOB)).status).toBe(403);
  await acquire(suite.alice, open);
  expect((await streams[0].next()).data).toMatchObject({ event: 'acquired', lock: open });
});

test('a stream of many locks ends when it would show others, and shows the present state when its client resumes', async () => {
  const prefix = newName('change');
  for (const name of ['a', 'b', 'c']) await acquire(suite.alice, `${prefix}/${name}`);
  await applyPolicy(suite, bobMay('observe', `${prefix}/a`, `${prefix}/b`));
  const stream = await watch(`/watch?prefix=${prefix}/`, BOB);
  const state = await stream.next();
  expect(state.data).toMatchObject({ locks: [{ name: `${prefix}/a` }, { name: `${prefix}/b` }] });
  const ofAlice = await watch(`/watch?prefix=${prefix}/`, ALICE);
  await ofAlice.next();
  await applyPolicy(suite, bobMay('observe', `${prefix}/b`, `${prefix}/c`));
  await stream.ended;
  const resumed = await watch(`/watch?prefix=${prefix}/`, BOB, state.id);
  expect(await resumed.next()).toMatchObject({ event: 'reset' });
  expect((await resumed.next()).data).toMatchObject({
    locks: [{ name: `${prefix}/b` }, { name: `${prefix}/c` }],
  });
  // Nothing has changed for Alice, so her stream goes on.
  await acquire(suite.alice, `${prefix}/a2`);
  expect((await ofAlice.next()).data).toMatchObject({ event: 'acquired', lock: `${prefix}/a2` });
});

test('a stream leaves out the locks that may not be observed, and other locks of a lease', async () => {
  const prefix = newName('change');
  await applyPolicy(suite, bobMay('observe', `${prefix}/a`, `${prefix}/z`));
  const stream = await watch(`/watch?prefix=${prefix}/`, BOB);
  expect((await stream.next()).data).toMatchObject({ locks: [], complete: true });
  const locks = ['a', 'hidden', 'z'].map((name) => ({ name: `${prefix}/${name}` }));
  await suite.alice.post('/leases', { ttl_seconds: 60, locks });
  const visible = [`${prefix}/a`, `${prefix}/z`];
  const seen = (await stream.take(2)).map(({ data }) => [data['lock'], data['lease_locks']]);
  expect(seen).toEqual(visible.map((name) => [name, visible]));
});

test('a webhook gets only events that its owner may observe', async () => {
  const receiver = await WebhookReceiver.start();
  const prefix = newName('hook');
  await applyPolicy(suite, bobMay('observe', `${prefix}/a`, `${prefix}/z`));
  await suite.bob.post('/webhooks', { url: receiver.url(), lock_pattern: `${prefix}/*` });
  const locks = ['a', 'hidden', 'z'].map((name) => ({ name: `${prefix}/${name}` }));
  await suite.alice.post('/leases', { ttl_seconds: 60, locks });
  const visible = [`${prefix}/a`, `${prefix}/z`];
  const messages = (await receiver.receives(2)).map(({ body }) => JSON.parse(body) as object);
  expect(messages).toMatchObject(visible.map((lock) => ({ lock, lease_locks: visible })));
});

test('an event that may no longer be observed when it is sent is dropped, and no longer listed', async () => {
  const receiver = await WebhookReceiver.start();
  const prefix = newName('hook');
  const hook = { url: receiver.url(), lock_pattern: `${prefix}/*`, ordering: 'none' };
  // Alice's webhook comes first, so its delivery shows that the event has been fanned out.
  const { body } = await suite.bob.post('/webhooks', { ...hook, url: 'https://127.0.0.1:1/closed' });
  const deliveries = `/webhooks/${String(body['id'])}/deliveries`;
  await acquire(suite.alice, `${prefix}/hidden`);
  const listed = async (): Promise<{ id: string; attempts: unknown[] }[]> =>
    (await suite.bob.get(deliveries)).body['deliveries'] as { id: string; attempts: unknown[] }[];
  await expect.poll(async () => (await listed())[0]?.attempts.length).toBe(1);
  const [delivery] = await listed();
  await applyPolicy(suite, bobMay('observe', `${prefix}/a`));
  expect(await listed()).toEqual([]);
  const again = await suite.bob.post(`${deliveries}/${delivery?.id}/redeliver`);
  expectError(again, 'delivery_not_found');
});
