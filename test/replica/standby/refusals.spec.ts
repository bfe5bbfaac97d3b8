import { expect, test } from 'vitest';
import { openRawConnection } from '../../support/raw-connection.js';
import { startStandby, type StandbyRig } from '../standby-rig.js';
import { Upstream } from '../upstream.js';

async function startBoth(): Promise<StandbyRig & { upstream: Upstream }> {
  const [rig, upstream] = await Promise.all([startStandby(), Upstream.start()]);
  rig.standby.forwardTo(upstream.target);
  return { ...rig, upstream };
}

/** Requests that are refused before they are forwarded. */
const REFUSED: [string, string, number, string][] = [
  ['no host', 'GET /locks HTTP/1.1\r\n\r\n', 400, 'malformed_request'],
  ['not HTTP', 'hello\r\n\r\n', 400, 'malformed_request'],
  ['a tunnel', 'CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n', 400, 'malformed_request'],
  ['a target that is no path', 'OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n', 400, 'malformed_request'],
  [
    'an announced body that is too large',
    'POST /sessions HTTP/1.1\r\nHost: a\r\nContent-Length: 16385\r\n\r\n',
    413,
    'body_too_large',
  ],
  [
    'a chunked body that is too large',
    `POST /sessions HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n4001\r\n${'x'.repeat(0x4001)}\r\n`,
    413,
    'body_too_large',
  ],
  [
    'a compressed body',
    'POST /sessions HTTP/1.1\r\nHost: a\r\nContent-Encoding: gzip\r\nContent-Length: 1\r\n\r\nx',
    415,
    'unsupported_encoding',
  ],
  [
    'too many headers',
    `GET /locks HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(17_000)}\r\n\r\n`,
    431,
    'headers_too_large',
  ],
];

test.each(REFUSED)('refuses %s', async (_what, text, status, code) => {
  const { url, upstream } = await startBoth();
  const connection = await openRawConnection(url);

  connection.send(text);

  const reply = await connection.reply();
  expect(reply.status).toBe(status);
  expect(JSON.parse(reply.body)).toMatchObject({ code, request_id: reply.headers.get('x-request-id') });
  expect(upstream.unseen).toBe(0);
});

test('a client that waits for leave to send its body gets it', async () => {
  const { url, upstream } = await startBoth();
  const connection = await openRawConnection(url);

  connection.send('POST /sessions HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n');
  await connection.received('100 Continue');
  connection.send('{}');

  await connection.received('served');
  expect(await upstream.received()).toMatchObject({ body: '{}' });
});

test('a client of HTTP/1.0 needs no host', async () => {
  const { url } = await startBoth();
  const connection = await openRawConnection(url);

  connection.send('GET /locks HTTP/1.0\r\n\r\n');

  await connection.closed;
  expect(connection.rest).toMatch(/served$/);
});
