import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Client } from '../../lab/kit/http/client.js';
import { connectionOf } from '../../src/http/connections/connections.js';
import { forwardingKey } from '../../src/secrets/forwarding-key.js';
import { LockStore } from '../../src/store/lock-store.js';
import { ManualClock } from '../support/manual-clock.js';
import { openRawConnection } from '../support/raw-connection.js';
import { ALICE, BOB, startServer, type TestServer } from '../support/server.js';
import { SseStream } from '../support/sse.js';
import { SECRET_KEY, startStandby } from './standby-rig.js';

const LIMITS = { SECRET_KEY, AUTH_FAILURES_PER_MINUTE: '2' };
const LEASE_ID = '3f1c8a9e-5a0b-4a52-9f0e-3f1df4c7c1ab';

let leader: TestServer;

beforeAll(async () => {
  leader = await startServer(LIMITS);
});

afterAll(() => leader.close());

/** A standby in front of the leader. */
async function standBy(settings: Record<string, string> = {}): Promise<Client> {
  const { standby, client } = await startStandby({ settings });
  standby.forwardTo({ url: leader.url, reign: 'a' });
  return client;
}

/** The headers with which a standby forwards. */
function forwardedFor(client: string, key = forwardingKey(SECRET_KEY)): Record<string, string> {
  return { 'octostore-forwarded': key, 'octostore-client': client };
}

test('a lock is acquired, seen and released through a standby', async () => {
  const [alice, bob] = [(await standBy()).as(ALICE), (await standBy()).as(BOB)];

  const lease = await alice.post('/locks/through/acquire', { lease_id: LEASE_ID, ttl_seconds: 60 });
  expect(lease).toMatchObject({ status: 200, body: { lease_id: LEASE_ID } });
  expect(await bob.post('/locks/through/acquire', { ttl_seconds: 60 })).toMatchObject({
    status: 409,
    body: { code: 'lock_held' },
  });
  expect((await bob.get('/locks/through')).body).toMatchObject({ status: 'held' });
  expect((await alice.post('/locks/through/release', { lease_id: LEASE_ID })).status).toBe(200);
});

test('a lock is waited for and watched through a standby', async () => {
  const client = await standBy();
  const [alice, bob] = [client.as(ALICE), client.as(BOB)];
  const stream = await SseStream.open(`${client.url}/locks/wanted/watch`, { token: ALICE });
  await stream.next();
  await alice.post('/locks/wanted/acquire', { lease_id: LEASE_ID, ttl_seconds: 60 });
  expect(await stream.next()).toMatchObject({ event: 'acquired' });

  const lease = bob.post('/locks/wanted/acquire', { ttl_seconds: 60, wait_seconds: 30 });
  await expect.poll(() => leader.app.get(LockStore).counts.waiterCount).toBe(1);
  await alice.post('/locks/wanted/release', { lease_id: LEASE_ID });

  expect((await lease).status).toBe(200);
  expect(await stream.next()).toMatchObject({ event: 'released' });
});

test('a waiter at a standby that stops keeps its place, and gets the lock elsewhere in its turn', async () => {
  const { standby, client } = await startStandby();
  standby.forwardTo({ url: leader.url, reign: 'a' });
  const direct = new Client(leader.url, ALICE);
  const { lease_id } = (await direct.post('/locks/turns/acquire', { ttl_seconds: 60 })).body;
  const waiters = (): number => leader.app.get(LockStore).counts.waiterCount;
  const mine = { lease_id: LEASE_ID, ttl_seconds: 60, wait_seconds: 60 };
  const first = client.as(BOB).post('/locks/turns/acquire', mine);
  await expect.poll(waiters).toBe(1);
  const second = direct.post('/locks/turns/acquire', { ...mine, lease_id: randomUUID() });
  await expect.poll(waiters).toBe(2);

  standby.drain();

  const reply = await first;
  expect(reply).toMatchObject({ status: 503, body: { code: 'outcome_unknown' } });
  expect(reply.headers.get('retry-after')).toBe('1');
  await expect.poll(waiters).toBe(1);
  const again = direct.as(BOB).post('/locks/turns/acquire', mine);
  await expect.poll(waiters).toBe(2);
  await direct.post('/locks/turns/release', { lease_id });
  expect(await again).toMatchObject({ status: 200, body: { lease_id: LEASE_ID } });
  await direct.as(BOB).post('/locks/turns/release', { lease_id: LEASE_ID });
  expect((await second).status).toBe(200);
});

test('a waiter that disconnects from a standby leaves the line', async () => {
  const client = await standBy();
  await client.as(ALICE).post('/locks/left/acquire', { ttl_seconds: 60 });
  const connection = await openRawConnection(client.url);
  const body = '{"ttl_seconds":60,"wait_seconds":60}';
  connection.send(
    `POST /locks/left/acquire HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${BOB}\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  );
  const waiters = (): number => leader.app.get(LockStore).counts.waiterCount;
  await expect.poll(waiters).toBe(1);

  connection.cut();

  await expect.poll(waiters).toBe(0);
});

test('the docs and the sign-in redirect as if the leader were asked', async () => {
  const client = await standBy();

  for (const path of ['/', '/docs/', '/openapi.yaml', '/auth/github', '/nowhere', '/locks/a/acquire']) {
    const [direct, through] = await Promise.all([new Client(leader.url, null).get(path), client.get(path)]);
    const { request_id: _one, ...body } = direct.body;
    const { request_id: _other, ...same } = through.body;
    expect([through.status, same]).toEqual([direct.status, body]);
    const names = (headers: Headers): string[] => [...headers.keys()].filter((name) => name !== 'date');
    expect(names(through.headers)).toEqual(names(direct.headers));
    expect(through.headers.get('location')).toBe(direct.headers.get('location'));
  }
});

test('failures count for the address of the client, not for the standby', async () => {
  const client = (await standBy({ TRUST_PROXY: '127.0.0.1' })).as('wrong');
  const statusFor = async (address: string): Promise<number> =>
    (await client.get('/locks', { headers: { 'x-forwarded-for': address } })).status;

  expect([await statusFor('192.0.2.1'), await statusFor('192.0.2.1'), await statusFor('192.0.2.1')]).toEqual([
    401, 401, 429,
  ]);
  expect(await statusFor('192.0.2.2')).toBe(401);
});

test('what a header says about the client counts only with the right key', async () => {
  const client = new Client(leader.url, 'wrong');
  const statusFor = async (headers: Record<string, string>): Promise<number> =>
    (await client.get('/locks', { headers })).status;

  for (const key of [
    'wrong',
    '',
    forwardingKey('another-secret-key-of-32-characters'),
    `${forwardingKey(SECRET_KEY)}x`,
  ])
    await statusFor(forwardedFor(`198.51.100.${key.length}`, key));
  expect(await statusFor({})).toBe(429);
  expect(await statusFor(forwardedFor('198.51.100.1'))).toBe(401);
});

test('while the secret key is replaced, a standby shows the key of the old one too', async () => {
  const client = new Client(leader.url, 'wrong');
  const keys = ['another-secret-key-of-32-characters', SECRET_KEY].map((key) => forwardingKey(key));
  const statuses: number[] = [];
  for (let request = 0; request < 3; request += 1)
    statuses.push(
      (await client.get('/locks', { headers: forwardedFor('198.51.100.77', keys.join()) })).status,
    );
  expect(statuses).toEqual([401, 401, 429]);
});

test('a connection that another server uses counts for no user', async () => {
  const connection = await openRawConnection(leader.url);
  const request = (token: string, headers: Record<string, string>): string =>
    [
      'GET /locks HTTP/1.1',
      'Host: a',
      `Authorization: Bearer ${token}`,
      ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
      '',
      '',
    ].join('\r\n');
  const users: (string | null)[] = [];
  const look = (request: { socket: Parameters<typeof connectionOf>[0] }): void => {
    const open = connectionOf(request.socket);
    setImmediate(() => users.push(open.isShared ? 'shared' : open.user));
  };
  leader.app.getHttpServer().on('request', look);

  connection.send(request(ALICE, {}));
  await connection.reply();
  connection.send(request(BOB, forwardedFor('192.0.2.9')));
  await connection.reply();
  connection.send(request(ALICE, {}));
  await connection.reply();
  leader.app.getHttpServer().off('request', look);

  expect(users).toHaveLength(3);
  expect(users[0]).not.toBe('shared');
  expect(users.slice(1)).toEqual(['shared', 'shared']);
});

test('the status says that the server leads, and in which term', async () => {
  const { body } = await new Client(leader.url, null).get('/status');

  expect(body).toMatchObject({ role: 'leader', term: leader.app.get(LockStore).epoch });
  expect((await (await standBy()).get('/status')).body).toMatchObject({
    ...body,
    role: 'standby',
    term: 7,
    uptime_seconds: 0,
  });
});

test('what a leader refuses because it stops is held by the standby, and served by the next leader', async () => {
  const clock = new ManualClock();
  const [old, { standby, client }] = await Promise.all([startServer(LIMITS), startStandby({ clock })]);
  try {
    standby.forwardTo({ url: old.url, reign: 'b' });
    await client.as(ALICE).post('/locks/moved/acquire', { ttl_seconds: 60 });
    const reply = client.as(BOB).post('/locks/moved/acquire', { ttl_seconds: 60, wait_seconds: 30 });
    await expect.poll(() => old.app.get(LockStore).counts.waiterCount).toBe(1);

    old.app.get(LockStore).drain();
    await expect.poll(() => clock.hasTimerDueIn(5_000)).toBe(true);
    standby.forwardTo({ url: leader.url, reign: 'c' });

    expect((await reply).status).toBe(200);
  } finally {
    await old.close();
  }
});

test('a server that stops says that it did nothing', async () => {
  const old = await startServer(LIMITS);
  try {
    old.app.get(LockStore).drain();
    const { status, headers, body } = await new Client(old.url, ALICE).post('/locks/a/acquire', {
      ttl_seconds: 60,
    });

    expect([status, body['code']]).toEqual([503, 'shutting_down']);
    expect(headers.get('octostore-unserved')).toBe('1');
  } finally {
    await old.close();
  }
});
