import { request as httpRequest, type IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { forwardingKey } from '../../../src/secrets/forwarding-key.js';
import { openRawConnection } from '../../support/raw-connection.js';
import { SseStream } from '../../support/sse.js';
import { SECRET_KEY, startStandby, type StandbyRig } from '../standby-rig.js';
import { Upstream, type Behaviour } from '../upstream.js';

async function startBoth(behaviour?: Behaviour): Promise<StandbyRig & { upstream: Upstream }> {
  const [rig, upstream] = await Promise.all([startStandby(), Upstream.start(behaviour)]);
  rig.standby.forwardTo(upstream.target);
  return { ...rig, upstream };
}

test('the leader gets the request as the client sent it', async () => {
  const { client, upstream } = await startBoth();

  const reply = await client.as('a-token').post('/locks/a%2Fb/acquire?x=1&y=%20', { ttl_seconds: 5 });

  expect(reply).toMatchObject({ status: 200, body: { text: 'served' } });
  const { request, body } = await upstream.received();
  expect([request.method, request.url]).toEqual(['POST', '/locks/a%2Fb/acquire?x=1&y=%20']);
  expect(request.headers).toMatchObject({
    authorization: 'Bearer a-token',
    'content-type': 'application/json',
  });
  expect(body).toBe('{"ttl_seconds":5}');
});

test('the leader gets the host that the client has asked for, and what a proxy has said', async () => {
  const { url, upstream } = await startBoth();
  const connection = await openRawConnection(url);

  connection.send(
    'GET /locks HTTP/1.1\r\nHost: locks.example.com\r\nX-Forwarded-Proto: https\r\nX-Forwarded-For: 192.0.2.7\r\n\r\n',
  );

  expect((await connection.reply()).status).toBe(200);
  expect((await upstream.received()).request.headers).toMatchObject({
    host: 'locks.example.com',
    'x-forwarded-proto': 'https',
    'x-forwarded-for': '192.0.2.7',
  });
});

test('the leader learns the request id and the address of the client, and the standby proves itself', async () => {
  const { client, upstream } = await startBoth();
  const forged = { 'octostore-forwarded': 'wrong', 'octostore-client': '203.0.113.9' };

  await client.get('/locks', { headers: { 'x-request-id': 'chosen-by-the-client', ...forged } });
  await client.get('/locks', { headers: { 'x-request-id': 'not acceptable!' } });

  const [first, second] = [await upstream.received(), await upstream.received()];
  expect(first.request.headers).toMatchObject({
    'x-request-id': 'chosen-by-the-client',
    'octostore-forwarded': forwardingKey(SECRET_KEY),
    'octostore-client': '127.0.0.1',
  });
  expect(second.request.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
});

test('while the secret key is replaced, the standby proves itself with each of its keys', async () => {
  const upstream = await Upstream.start();
  const keys = ['a-new-secret-key-of-this-test', SECRET_KEY];
  const { standby, client } = await startStandby({ settings: { SECRET_KEY: keys.join() } });
  standby.forwardTo(upstream.target);

  await client.get('/locks');

  const shown = String((await upstream.received()).request.headers['octostore-forwarded']).split(',');
  expect(shown).toEqual([...keys, keys.join()].map(forwardingKey));
});

test('the address of the client is the one that a trusted proxy reports', async () => {
  const upstream = await Upstream.start();
  const { standby, client } = await startStandby({ settings: { TRUST_PROXY: '127.0.0.1' } });
  standby.forwardTo(upstream.target);

  await client.get('/locks', { headers: { 'x-forwarded-for': '203.0.113.9, 192.0.2.7' } });

  expect((await upstream.received()).request.headers['octostore-client']).toBe('192.0.2.7');
});

test('headers about one connection are not forwarded', async () => {
  const { url, upstream } = await startBoth();
  const connection = await openRawConnection(url);
  const headers = [
    'Connection: keep-alive, X-Mine',
    'X-Mine: 1',
    'Keep-Alive: timeout=5',
    'TE: trailers',
    'Trailer: X-End',
    'Upgrade: h2c',
    'Proxy-Authorization: Basic eA==',
    'Proxy-Connection: keep-alive',
    'Transfer-Encoding: chunked',
    'X-Other: 2',
  ];

  connection.send(
    `POST /sessions HTTP/1.1\r\nHost: a\r\n${headers.join('\r\n')}\r\n\r\n5\r\n{"a":\r\n2\r\n1}\r\n0\r\n\r\n`,
  );

  expect((await connection.reply()).status).toBe(200);
  const { request, body } = await upstream.received();
  expect(body).toBe('{"a":1}');
  expect(request.headers).toMatchObject({ 'x-other': '2', 'content-length': '7' });
  const hopByHop = new Set([
    'x-mine',
    'keep-alive',
    'te',
    'trailer',
    'upgrade',
    'proxy-authorization',
    'proxy-connection',
    'transfer-encoding',
  ]);
  expect(Object.keys(request.headers).filter((name) => hopByHop.has(name))).toEqual([]);
});

test('the answer is passed on, without the headers about one connection', async () => {
  const { client } = await startBoth(({ response }) => {
    response.setHeader('Set-Cookie', ['a=1', 'b=2']).setHeader('Connection', 'X-Mine, close');
    response
      .setHeader('X-Mine', '1')
      .setHeader('Keep-Alive', 'timeout=1')
      .setHeader('Proxy-Authenticate', 'Basic');
    response.setHeader('Location', '/elsewhere').setHeader('X-Latin', 'caf\u00e9');
    response.writeHead(201, 'Made');
    // With a text, Node would write the headers in UTF-8.
    response.end(Buffer.from('{"a":1}'));
  });

  const { status, headers, body } = await client.get('/locks');

  expect([status, body]).toEqual([201, { text: '{"a":1}' }]);
  expect(headers.getSetCookie()).toEqual(['a=1', 'b=2']);
  expect(headers.get('location')).toBe('/elsewhere');
  expect(headers.get('x-latin')).toBe('caf\u00e9');
  expect(['x-mine', 'proxy-authenticate'].filter((name) => headers.has(name))).toEqual([]);
  expect(headers.get('keep-alive')).not.toBe('timeout=1');
});

test('every byte of an answer arrives, in one piece or in many', async () => {
  const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
  const { url, upstream } = await startBoth(({ response }) => response.end(bytes));
  upstream.next(({ response }) => {
    response.setHeader('content-length', 256);
    response.write(bytes.subarray(0, 100), () => response.end(bytes.subarray(100)));
  });

  for (let round = 0; round < 2; round += 1) {
    const answer = await fetch(`${url}/locks`);
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(bytes);
  }
});

test('redirects are not followed', async () => {
  const { client, upstream } = await startBoth(({ response }) =>
    response.writeHead(302, { location: '/docs' }).end(),
  );

  const { status, headers } = await client.get('/');

  expect([status, headers.get('location')]).toEqual([302, '/docs']);
  expect(upstream.unseen).toBe(1);
});

test.each([204, 304])('an answer with status %i has no body', async (status) => {
  const { url } = await startBoth(({ response }) => response.writeHead(status).end());
  const connection = await openRawConnection(url);

  connection.send('GET /locks HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(2));

  expect((await connection.reply()).status).toBe(status);
  expect((await connection.reply()).status).toBe(status);
});

test('the answer to HEAD has the length of the body, and no body', async () => {
  const { url } = await startBoth(({ response }) => response.writeHead(200, { 'content-length': '6' }).end());
  const connection = await openRawConnection(url);

  connection.send('HEAD /locks HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(2));

  expect((await connection.reply({ toHead: true })).headers.get('content-length')).toBe('6');
  expect((await connection.reply({ toHead: true })).headers.get('content-length')).toBe('6');
});

test('pipelined requests are answered in their order', async () => {
  const { url } = await startBoth(({ request, response }) => response.end(request.url));
  const connection = await openRawConnection(url);
  const paths = Array.from({ length: 20 }, (_, index) => `/locks/lock-${index}`);

  connection.send(paths.map((path) => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`).join(''));

  for (const path of paths) expect((await connection.reply()).body).toBe(path);
});

test('events are passed on at once', async () => {
  let send: (text: string) => void = () => undefined;
  const { url } = await startBoth(({ response }) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
    send = (text) => response.write(text);
  });

  const stream = await SseStream.open(`${url}/watch`, { token: 'a-token' });
  expect(stream.header('content-type')).toBe('text/event-stream');
  for (const id of [1, 2, 3]) {
    send(`id: ${id}\nevent: acquired\ndata: {}\n\n`);
    expect(await stream.next()).toMatchObject({ event: 'acquired', id });
  }
});

test('a large answer is read no faster than the client reads it', async () => {
  const total = 64 * 1024 * 1024;
  let written = 0;
  const { url } = await startBoth(({ response }) => {
    response.writeHead(200);
    const write = (): void => {
      let isWanted = true;
      while (isWanted && written < total) {
        written += 65_536;
        isWanted = response.write(Buffer.alloc(65_536, 120));
      }
      if (written < total) response.once('drain', write);
      else response.end();
    };
    write();
  });
  const answer = await new Promise<IncomingMessage>((resolve) => {
    httpRequest(`${url}/locks`, { agent: false }, resolve).end();
  });

  await standstill(() => written);
  expect(written).toBeLessThan(total / 2);

  let length = 0;
  for await (const chunk of answer) length += (chunk as Buffer).length;
  expect(length).toBe(total);
});

/** Waits until a number has stopped growing. */
async function standstill(value: () => number): Promise<void> {
  let [last, equal] = [-1, 0];
  await expect
    .poll(
      () => {
        equal = value() === last ? equal + 1 : 0;
        last = value();
        return equal;
      },
      { interval: 20 },
    )
    .toBeGreaterThan(5);
}

test('connections to the leader are used again', async () => {
  const { client, upstream } = await startBoth();

  for (let index = 0; index < 10; index += 1) await client.get('/locks');

  // One for requests, and one for probes.
  expect(upstream.connections).toBeLessThanOrEqual(2);
});

test('when connections are to end, a forwarded answer ends its own', async () => {
  const { url, replies } = await startBoth();
  replies.endConnections();
  const connection = await openRawConnection(url);

  connection.send('GET /locks HTTP/1.1\r\nHost: a\r\n\r\n');

  expect((await connection.reply()).headers.get('connection')).toBe('close');
  await connection.closed;
});

test('the path of the leader’s URL comes before the path of a request', async () => {
  const upstream = await Upstream.start();
  const { standby, client } = await startStandby();
  standby.forwardTo({ url: `${upstream.url}/octostore`, reign: 'a' });

  await client.get('/locks?limit=1');

  const urls = [await upstream.received(), await upstream.received()].map(({ request }) => request.url);
  expect(new Set(urls)).toEqual(new Set(['/octostore/health/live', '/octostore/locks?limit=1']));
});
