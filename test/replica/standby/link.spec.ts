import { expect, test } from 'vitest';
import type { ServiceRequest } from '../../../src/http/input/service-request.js';
import { ACCEPTANCE } from '../../../src/http/link/handshake.js';
import { Lane } from '../../../src/http/link/lane.js';
import { SILENT_MS } from '../../../src/replica/forward/silence.js';
import { ManualClock } from '../../support/manual-clock.js';
import { openRawConnection } from '../../support/raw-connection.js';
import { startStandby, type StandbyRig } from '../standby-rig.js';
import { answer, HANG, UNSERVED, Upstream, type Received } from '../upstream.js';

/** Short requests share one connection to the leader. What other specs say of requests is true of these too. */

type Rig = StandbyRig & { upstream: Upstream };

/** So short that the answer to a probe arrives after one of these steps or another. */
const SHORT_MS = 250;

const WAIT = '{"lease_id":"3f1c8a9e-5a0b-4a52-9f0e-3f1df4c7c1ab","wait_seconds":60}';

function isLinked({ request }: Received): boolean {
  return request.socket instanceof Lane;
}

async function untilLinked({ client, upstream }: Pick<Rig, 'client' | 'upstream'>): Promise<void> {
  await expect
    .poll(async () => {
      await client.post('/sessions', {});
      return isLinked(await upstream.received());
    })
    .toBe(true);
}

async function startLinked(): Promise<Rig> {
  const [rig, upstream] = await Promise.all([startStandby(), Upstream.startLinked()]);
  rig.standby.forwardTo(upstream.target);
  await untilLinked({ ...rig, upstream });
  return { ...rig, upstream };
}

function closed({ request }: Received): Promise<void> {
  return new Promise((resolve) => {
    request.socket.once('close', () => resolve());
  });
}

test('the leader gets the request as the client sent it', async () => {
  const { url, upstream } = await startLinked();
  const connection = await openRawConnection(url);
  const headers = ['Host: locks.example.com', 'X-Request-Id: chosen', 'X-Empty:', 'X-Two: 1', 'X-Two: 2'];
  const body = '{"metadata":"\u0000caf\u00e9 \u{1f419}"}';

  connection.send(
    `POST /locks/a%2Fb/acquire HTTP/1.1\r\n${headers.join('\r\n')}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nTE: trailers\r\n\r\n${body}`,
  );

  expect((await connection.reply()).status).toBe(200);
  const received = await upstream.received();
  const request = received.request as ServiceRequest;
  expect([isLinked(received), request.method, request.url]).toEqual([true, 'POST', '/locks/a%2Fb/acquire']);
  expect(received.body).toBe(body);
  expect(request.forwardedFor).toBe('127.0.0.1');
  expect({ ...request.headers }).toEqual({
    host: 'locks.example.com',
    'x-empty': '',
    'x-two': '1, 2',
    'x-request-id': 'chosen',
  });
});

test('the answer is passed on, without the headers about one connection', async () => {
  const { client, upstream } = await startLinked();
  upstream.next(({ response }) => {
    response.setHeader('Set-Cookie', ['a=1', 'b=2']).setHeader('Connection', 'X-Mine, close');
    response.setHeader('X-Mine', '1').setHeader('X-Latin', 'caf\u00e9').writeHead(201, 'Made');
    response.end(Buffer.from('{"a":1}'));
  });

  const { status, headers, body } = await client.post('/sessions', {});

  expect([status, body]).toEqual([201, { text: '{"a":1}' }]);
  expect(headers.getSetCookie()).toEqual(['a=1', 'b=2']);
  expect(headers.get('x-latin')).toBe('caf\u00e9');
  expect(headers.has('x-mine')).toBe(false);
});

test('every byte of an answer arrives, in one piece or in many', async () => {
  const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
  const { url, upstream } = await startLinked();
  upstream.next(
    ({ response }) => response.end(bytes),
    ({ response }) => void response.write(bytes.subarray(0, 100), () => response.end(bytes.subarray(100))),
    ({ response }) => response.writeHead(204).end(),
  );

  for (const expected of [bytes, bytes, Buffer.alloc(0)]) {
    const reply = await fetch(`${url}/sessions`, { method: 'POST' });
    expect(Buffer.from(await reply.arrayBuffer())).toEqual(expected);
  }
});

test('many requests share a connection, and none waits for the others', async () => {
  const { client, upstream } = await startLinked();
  const before = upstream.connections;
  upstream.next(HANG);
  const first = client.post('/locks/slow/acquire', {});
  const { response } = await upstream.received();

  const others = await Promise.all(
    Array.from({ length: 50 }, (_, index) => client.post(`/locks/lock-${index}/release`, {})),
  );

  expect(new Set(others.map(({ status }) => status))).toEqual(new Set([200]));
  expect(upstream.connections).toBe(before);
  response.end('at last');
  expect((await first).body).toEqual({ text: 'at last' });
});

test('requests with long answers, and reads, have connections of their own', async () => {
  const { client, upstream } = await startLinked();

  await client.get('/locks');
  await client.post('/webhooks', {});
  await client.post('/locks/a/acquire?x=1', {});

  const received = [await upstream.received(), await upstream.received(), await upstream.received()];
  expect(received.map(isLinked)).toEqual([false, false, false]);
});

test('a path before the paths of the leader has no link', async () => {
  const [{ standby, client }, upstream] = await Promise.all([startStandby(), Upstream.startLinked()]);
  let links = 0;
  upstream.onLink = (socket) => {
    links += 1;
    socket.destroy();
  };
  standby.forwardTo({ url: `${upstream.url}/octostore`, reign: 'a' });
  await expect.poll(() => upstream.unseen).toBe(1);
  await client.post('/sessions', {});
  expect(links).toBe(0);
});

test('when a client is gone, its request to the leader ends, and others go on', async () => {
  const { url, client, upstream, done } = await startLinked();
  done.length = 0;
  upstream.next(HANG);
  const connection = await openRawConnection(url);
  connection.send(`POST /sessions HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}`);
  const isClosed = closed(await upstream.received());

  connection.reset();

  await isClosed;
  expect(done).toEqual([null]);
  await client.post('/sessions', {});
  expect(isLinked(await upstream.received())).toBe(true);
});

test('a client that has closed its half does not wait for a lock', async () => {
  const { url, upstream } = await startLinked();
  upstream.next(HANG);
  const connection = await openRawConnection(url);
  connection.send(
    `POST /locks/a/acquire HTTP/1.1\r\nHost: a\r\nContent-Length: ${WAIT.length}\r\n\r\n${WAIT}`,
  );
  const received = await upstream.received();
  const isClosed = closed(received);

  connection.end();

  await isClosed;
  expect(isLinked(received)).toBe(true);
  expect((await connection.reply()).status).toBe(408);
});

test('if the link breaks, only what can be repeated is sent again, on another connection', async () => {
  const { client, upstream } = await startLinked();
  upstream.next(HANG, HANG);
  const release = client.post('/locks/a/release', {});
  const renew = client.post('/locks/a/renew', {});
  for (const _ of [release, renew]) await upstream.received();

  upstream.cutLinks();

  expect(await release).toMatchObject({ status: 503, body: { code: 'outcome_unknown' } });
  expect((await renew).status).toBe(200);
  const again = await upstream.received();
  expect([again.request.url, isLinked(again), upstream.unseen]).toEqual(['/locks/a/renew', false, 0]);
  // After the next probe there is a new one.
  await untilLinked({ client, upstream });
});

test('the outcome of a request that the leader breaks off is unknown', async () => {
  const { client, upstream } = await startLinked();
  upstream.next(({ response }) => response.destroy());

  const reply = await client.post('/locks/a/release', {});

  expect(reply).toMatchObject({ status: 503, body: { code: 'outcome_unknown' } });
});

test('a request that certainly had no effect goes to the next leader', async () => {
  const { client, standby, upstream } = await startLinked();
  const next = await Upstream.startLinked(answer('by the next'));
  upstream.next(UNSERVED);
  const reply = client.post('/locks/a/release', {});
  await upstream.received();

  standby.forwardTo(next.target);

  expect((await reply).body).toEqual({ text: 'by the next' });
  // The link to the old leader is closed a moment later.
  await expect.poll(() => upstream.connections).toBe(0);
});

test('a link on which nothing arrives is closed, though the leader answers elsewhere', async () => {
  const clock = new ManualClock();
  const [{ standby, client }, upstream] = await Promise.all([startStandby({ clock }), Upstream.start()]);
  const received: string[] = [];
  let isClosed = false;
  upstream.onLink = (socket) => {
    socket.on('data', (bytes) => received.push(bytes.toString('latin1'))).on('error', () => undefined);
    socket.on('end', () => (isClosed = true)).write(ACCEPTANCE);
  };
  const pass = async (isOver: () => boolean): Promise<void> => {
    while (!isOver()) {
      clock.advance(SHORT_MS);
      await client.get('/locks');
    }
  };
  standby.forwardTo(upstream.target);
  await pass(() => received.length > 0);
  const sinceMs = clock.monotonicMs();
  const release = client.post('/locks/a/release', {});
  await expect.poll(() => received.join('')).toContain('/locks/a/release');

  await pass(() => isClosed);

  expect(clock.monotonicMs() - sinceMs).toBeGreaterThan(SILENT_MS - 2_000);
  expect(await release).toMatchObject({ status: 503, body: { code: 'outcome_unknown' } });
});
