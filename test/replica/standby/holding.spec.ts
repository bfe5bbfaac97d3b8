import { expect, test } from 'vitest';
import { LAST_ANSWERS_MS } from '../../../src/replica/forward/forwarder.js';
import type { LeaderTarget } from '../../../src/replica/forward/leader-target.js';
import { forwardingKey } from '../../../src/secrets/forwarding-key.js';
import { ManualClock } from '../../support/manual-clock.js';
import { openRawConnection } from '../../support/raw-connection.js';
import { SECRET_KEY, startStandby, type StandbyRig } from '../standby-rig.js';
import { answer, HANG, nowhere, RESET, UNSERVED, Upstream, type Behaviour } from '../upstream.js';

const LEASE_ID = '3f1c8a9e-5a0b-4a52-9f0e-3f1df4c7c1ab';
const HOLD_MS = 5_000;

interface Rig extends StandbyRig {
  readonly clock: ManualClock;
  /** Resolves once a request is held, for the whole time. */
  readonly held: () => Promise<void>;
  /** Another server leads, and the old one has had time for its last answers. */
  readonly takeOver: (target: LeaderTarget) => void;
}

async function start(): Promise<Rig> {
  const clock = new ManualClock();
  const rig = await startStandby({ clock });
  const held = async (): Promise<void> => {
    await expect.poll(() => clock.hasTimerDueIn(HOLD_MS)).toBe(true);
  };
  const takeOver = (target: LeaderTarget): void => {
    rig.standby.forwardTo(target);
    clock.advance(LAST_ANSWERS_MS);
  };
  return { ...rig, clock, held, takeOver };
}

/** A standby with two servers, of which the first leads. */
async function startPair(first: Behaviour): Promise<Rig & { old: Upstream; next: Upstream }> {
  const [rig, old, next] = await Promise.all([start(), Upstream.start(first), Upstream.start()]);
  rig.standby.forwardTo(old.target);
  return { ...rig, old, next };
}

const NO_LEADER = { status: 503, body: { code: 'no_leader' } };
const OUTCOME_UNKNOWN = { status: 503, body: { code: 'outcome_unknown' } };
const SERVED = { status: 200, body: { text: 'served' } };

/** Requests with the same effect if they are sent twice. */
const REPEATABLE: [string, string, unknown?][] = [
  ['GET', '/locks?limit=5'],
  ['HEAD', '/locks'],
  ['POST', '/locks/a/b/renew', { lease_id: LEASE_ID }],
  ['POST', `/leases/${LEASE_ID}/renew`, {}],
  ['POST', `/sessions/${LEASE_ID}/keepalive`, {}],
  ['POST', '/locks/a%2Fb/acquire', { lease_id: LEASE_ID }],
  ['POST', '/leases', { lease_id: LEASE_ID, locks: [] }],
  ['POST', '/fences/a/b/advance', { fencing_token: 5 }],
  ['POST', '/fences/a/check', { fencing_token: 5 }],
  ['DELETE', `/queues/a/b/${LEASE_ID}`],
];

/** Requests that could have another effect the second time. */
const NOT_REPEATABLE: [string, string, unknown?][] = [
  ['POST', '/locks/a/acquire', {}],
  ['POST', '/locks/a/acquire', { lease_id: null }],
  ['POST', '/locks/a/acquire', '{"lease_id": not json'],
  ['POST', '/leases', { locks: [] }],
  ['POST', '/locks/a/release', { lease_id: LEASE_ID }],
  ['POST', '/locks/a/convert', { lease_id: LEASE_ID }],
  ['POST', '/locks/a/break', {}],
  ['DELETE', `/leases/${LEASE_ID}`],
  ['POST', '/sessions', {}],
  ['DELETE', `/sessions/${LEASE_ID}`],
  ['POST', '/webhooks', {}],
  ['POST', '/auth/token/rotate'],
  ['POST', '/locks/a/renew/', {}],
  ['POST', '/locks/a/renew?x', {}],
  ['DELETE', '/fences/a'],
  ['GET', '/auth/github/callback?code=1&state=2'],
];

test('while no one leads, a request is held, and sent to the next leader', async () => {
  const { client, standby, held } = await start();
  const next = await Upstream.start();

  const reply = client.post('/sessions', { ttl_seconds: 5 });
  await held();
  standby.forwardTo(next.target);

  expect(await reply).toMatchObject(SERVED);
  expect((await next.received()).body).toBe('{"ttl_seconds":5}');
});

test('a request is held for five seconds, and then refused', async () => {
  const { client, clock, held } = await start();

  const reply = client.post('/sessions', {});
  await held();
  clock.advance(HOLD_MS - 1);
  expect(clock.hasTimerDueIn(1)).toBe(true);
  clock.advance(1);

  const { status, headers, body } = await reply;
  expect({ status, body }).toMatchObject(NO_LEADER);
  expect(headers.get('retry-after')).toBe('1');
  expect(headers.get('octostore-unserved')).toBe('1');
  expect(body['request_id']).toBe(headers.get('x-request-id'));
});

test('a request that the leader refuses to connect for is sent to the next one', async () => {
  const { client, standby, held } = await start();
  standby.forwardTo(await nowhere());
  const next = await Upstream.start();

  const reply = client.post('/sessions', {});
  await held();
  standby.forwardTo(next.target);

  expect(await reply).toMatchObject(SERVED);
});

test('a request that the leader did not serve is sent to the next one, whatever it is', async () => {
  const { client, standby, held, old, next } = await startPair(UNSERVED);

  const reply = client.post('/sessions', { ttl_seconds: 5 });
  await old.received();
  await held();
  standby.forwardTo(next.target);

  expect(await reply).toMatchObject(SERVED);
  expect((await next.received()).body).toBe('{"ttl_seconds":5}');
});

test('an ordinary 503 is passed on', async () => {
  const { client } = await startPair(answer('overloaded', 503));

  expect(await client.get('/locks')).toMatchObject({ status: 503, body: { text: 'overloaded' } });
});

test('a request that is held is sent again when the same leader answers a probe', async () => {
  const { client, clock, held, old } = await startPair(answer('served'));
  old.next(UNSERVED);
  await expect.poll(() => old.probes).toBe(1);

  const reply = client.post('/sessions', {});
  await held();
  clock.advance(250);

  expect(await reply).toMatchObject(SERVED);
  expect(old.probes).toBe(2);
});

test('what a leader refuses again and again is refused after five seconds', async () => {
  const { client, clock, old } = await startPair(UNSERVED);
  await expect.poll(() => old.probes).toBe(1);

  const reply = client.post('/sessions', {});
  for (let heldMs = 0; heldMs < HOLD_MS; heldMs += 250) {
    await old.received();
    // The second timer is that of the next probe.
    await expect.poll(() => clock.hasTimerDueIn(HOLD_MS - heldMs) && clock.hasTimerDueIn(250)).toBe(true);
    clock.advance(250);
  }

  expect(await reply).toMatchObject(NO_LEADER);
});

test.each(REPEATABLE)('a request that is lost is repeated: %s %s', async (method, path, body) => {
  const { client, old } = await startPair(answer('served'));
  old.next(RESET);

  expect((await client.call(method, path, { body })).status).toBe(200);
  const [first, second] = [await old.received(), await old.received()];
  expect([second.request.method, second.request.url, second.body]).toEqual([method, path, first.body]);
});

test.each(REPEATABLE)(
  'what hangs when the term ends is sent to the next leader: %s %s',
  async (method, path, body) => {
    const { client, takeOver, old, next } = await startPair(HANG);

    const reply = client.call(method, path, { body });
    const { request } = await old.received();
    const isAborted = new Promise((resolve) => {
      request.socket.once('close', resolve);
    });
    takeOver(next.target);

    expect((await reply).status).toBe(200);
    await isAborted;
  },
);

test.each(NOT_REPEATABLE)('a request that is lost is not repeated: %s %s', async (method, path, body) => {
  const { client, old } = await startPair(RESET);

  const reply = await client.call(method, path, { body });

  expect(reply).toMatchObject(OUTCOME_UNKNOWN);
  expect(reply.headers.has('octostore-unserved')).toBe(false);
  await old.received();
  expect(old.unseen).toBe(0);
});

test.each(NOT_REPEATABLE)(
  'what hangs when the term ends is not repeated: %s %s',
  async (method, path, body) => {
    const { client, takeOver, old, next } = await startPair(HANG);

    const reply = client.call(method, path, { body });
    await old.received();
    takeOver(next.target);

    expect(await reply).toMatchObject(OUTCOME_UNKNOWN);
    expect(next.unseen).toBe(0);
  },
);

test('if a request that was repeated in vain may have been carried out, its outcome is unknown', async () => {
  const { client, clock, held, old } = await startPair(RESET);
  old.isAlive = false;

  const renewal = client.post('/locks/a/renew', { lease_id: LEASE_ID });
  await old.received();
  await old.received();
  await held();
  clock.advance(HOLD_MS);

  expect(await renewal).toMatchObject(OUTCOME_UNKNOWN);
});

test.each([408, 429, 503, 507])(
  'a leader that answers the repeat of a request with %i is asked again, since the request may have been carried out',
  async (status) => {
    const { client, clock, held, old } = await startPair(answer('served'));
    await expect.poll(() => old.probes).toBe(1);
    old.next(RESET, answer('not now', status));

    const reply = client.post('/locks/a/acquire', { lease_id: LEASE_ID });
    await held();
    clock.advance(250);

    expect(await reply).toMatchObject(SERVED);
  },
);

test('if the repeat of a request that may have been carried out is turned away, its outcome is unknown', async () => {
  const { client, clock, held, old } = await startPair(answer('overloaded', 503));
  old.next(RESET);

  const reply = client.post('/locks/a/acquire', { lease_id: LEASE_ID });
  await held();
  old.isAlive = false;
  clock.advance(HOLD_MS);

  expect(await reply).toMatchObject(OUTCOME_UNKNOWN);
});

test('a read that was repeated in vain has had no effect', async () => {
  const { client, clock, held, old } = await startPair(RESET);
  old.isAlive = false;

  const reply = client.get('/locks');
  await held();
  clock.advance(HOLD_MS);

  expect(await reply).toMatchObject(NO_LEADER);
});

test('each term gives a request another five seconds', async () => {
  const { client, clock, standby, held, takeOver, old, next } = await startPair(HANG);

  const reply = client.get('/locks');
  await old.received();
  next.next(UNSERVED);
  standby.forwardTo(null);
  clock.advance(4_000);
  takeOver(next.target);
  await held();
  clock.advance(4_000);
  const last = await Upstream.start(UNSERVED);
  standby.forwardTo(last.target);
  await held();
  clock.advance(HOLD_MS);

  expect(await reply).toMatchObject(NO_LEADER);
});

test.each([
  [60, 20_400, 40],
  [60, 70_000, 0],
  [1, 200, 1],
])(
  'an acquire that asked to wait for %i s and is sent again after %i ms waits for %i s',
  async (wait, afterMs, rest) => {
    const { client, clock, takeOver, old, next } = await startPair(HANG);

    const reply = client.post('/locks/a/acquire', { lease_id: LEASE_ID, wait_seconds: wait, metadata: 'é' });
    await old.received();
    clock.advance(afterMs);
    takeOver(next.target);

    expect(await reply).toMatchObject(SERVED);
    const { body, request } = await next.received();
    expect(JSON.parse(body)).toEqual({ lease_id: LEASE_ID, wait_seconds: rest, metadata: 'é' });
    expect(request.headers['content-length']).toBe(String(Buffer.byteLength(body)));
  },
);

test('the time for which an acquire was held is part of its wait', async () => {
  const { client, clock, standby, held } = await start();
  const next = await Upstream.start();

  const reply = client.post('/leases', { wait_seconds: 10 });
  await held();
  clock.advance(4_000);
  standby.forwardTo(next.target);

  await reply;
  expect(JSON.parse((await next.received()).body)).toEqual({ wait_seconds: 6 });
});

test('when an answer breaks off, the client’s connection does', async () => {
  const { url, client } = await startPair(({ response, request }) => {
    response.writeHead(200, { 'content-length': '10' }).write('abc', () => request.socket.destroy());
  });
  const connection = await openRawConnection(url);

  connection.send('GET /locks HTTP/1.1\r\nHost: a\r\n\r\n');

  await connection.received('abc');
  await connection.closed;
  await expect(client.get('/locks')).rejects.toThrow('terminated');
});

test('an answer without a length breaks off visibly, too', async () => {
  const { client } = await startPair(({ response, request }) => {
    response.write('abc', () => request.socket.destroy());
  });

  await expect(client.get('/locks')).rejects.toThrow('terminated');
});

test('when another server leads, answers of the old one break off', async () => {
  const { url, takeOver, old, next } = await startPair(({ response }) => response.write('abc'));
  const connection = await openRawConnection(url);
  connection.send('GET /watch HTTP/1.1\r\nHost: a\r\n\r\n');
  await connection.received('abc');

  takeOver(next.target);

  await connection.closed;
  await expect.poll(() => old.connections).toBe(0);
});

test('the last answers of a server that has let another one lead still arrive', async () => {
  const { client, standby, old, next } = await startPair(HANG);

  const reply = client.post('/sessions', {});
  const { response } = await old.received();
  standby.forwardTo(next.target);
  response.end('late');

  expect(await reply).toMatchObject({ status: 200, body: { text: 'late' } });
});

test('as long as no other server leads, answers of the old one still arrive', async () => {
  const { client, standby, old } = await startPair(HANG);

  const reply = client.post('/sessions', {});
  const { response } = await old.received();
  standby.forwardTo(null);
  response.end('late');

  expect(await reply).toMatchObject({ status: 200, body: { text: 'late' } });
});

test('when a leader has another URL in the same term, its answers still arrive', async () => {
  const { client, standby, old, next } = await startPair(HANG);

  const reply = client.post('/sessions', {});
  const { response } = await old.received();
  standby.forwardTo({ url: next.url, reign: old.reign });
  response.end('late');

  expect(await reply).toMatchObject({ status: 200, body: { text: 'late' } });
  expect(await client.get('/locks')).toMatchObject(SERVED);
  await next.received();
});

test('a leader whose address is not known yet ends the term before it', async () => {
  const { client, standby, held, takeOver, old, next } = await startPair(HANG);

  const lost = client.post('/sessions', {});
  await old.received();
  takeOver({ url: '', reign: next.reign });
  expect(await lost).toMatchObject(OUTCOME_UNKNOWN);
  const reply = client.post('/sessions', {});
  await held();
  standby.forwardTo(next.target);

  expect(await reply).toMatchObject(SERVED);
});

test('a request that another standby has forwarded goes no further', async () => {
  const { client, old } = await startPair(answer('served'));
  const headers = { 'octostore-forwarded': forwardingKey(SECRET_KEY), 'octostore-client': '192.0.2.7' };

  for (const path of ['/locks', '/status', '/health/live']) {
    const reply = await client.get(path, { headers });
    expect(reply).toMatchObject(NO_LEADER);
    expect(reply.headers.get('octostore-unserved')).toBe('1');
  }

  expect(old.unseen).toBe(0);
  expect(await client.get('/locks', { headers: { 'octostore-forwarded': 'wrong' } })).toMatchObject(SERVED);
});

test('two standbys that take each other for the leader refuse', async () => {
  const [one, other] = [await start(), await start()];
  one.standby.forwardTo({ url: other.url, reign: 'a' });
  other.standby.forwardTo({ url: one.url, reign: 'b' });

  const reply = one.client.get('/locks');
  await one.held();
  one.clock.advance(HOLD_MS);

  expect(await reply).toMatchObject(NO_LEADER);
  expect(await one.client.get('/status')).toMatchObject(NO_LEADER);
});

test('when a standby is closed, what is held or under way is answered', async () => {
  const { client, standby, held, old } = await startPair(HANG);
  const underWay = [client.get('/locks'), client.post('/sessions', {})];
  await old.received();
  await old.received();
  standby.forwardTo(null);
  const waiting = client.post('/sessions', {});
  await held();

  standby.close();

  expect(await Promise.all(underWay)).toMatchObject([NO_LEADER, OUTCOME_UNKNOWN]);
  expect(await waiting).toMatchObject(NO_LEADER);
  expect(await client.get('/locks')).toMatchObject(NO_LEADER);
});
