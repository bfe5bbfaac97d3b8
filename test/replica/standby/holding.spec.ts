import { expect, test } from 'vitest';
import { forwardingKey } from '../../../src/secrets/forwarding-key.js';
import { openRawConnection } from '../../support/raw-connection.js';
import { SECRET_KEY } from '../standby-rig.js';
import { answer, HANG, nowhere, UNSERVED, Upstream } from '../upstream.js';
import {
  LEASE_ID,
  HOLD_MS,
  start,
  startPair,
  NO_LEADER,
  SHUTTING_DOWN,
  OUTCOME_UNKNOWN,
  SERVED,
} from './holding-rig.js';

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
  standby.forwardTo(nowhere());
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

  expect(await Promise.all(underWay)).toMatchObject([SHUTTING_DOWN, OUTCOME_UNKNOWN]);
  expect(await waiting).toMatchObject(SHUTTING_DOWN);
  expect(await client.get('/locks')).toMatchObject(SHUTTING_DOWN);
});
