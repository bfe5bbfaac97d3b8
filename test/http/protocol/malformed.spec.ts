import { describe, expect, test } from 'vitest';
import { ERRORS, type ErrorCode } from '../../../src/errors/error-table.js';
import { rawCall, requestText, type RawReply } from '../../../lab/kit/http/raw-http.js';
import { useServer } from '../suite.js';
import { openRawConnection } from '../../support/raw-connection.js';

const suite = useServer();

/** The answer to a malformed request has the usual error shape, and ends the connection. */
function expectLastAnswer(reply: RawReply, code: ErrorCode): void {
  expect(reply.status).toBe(ERRORS[code].status);
  const body: unknown = JSON.parse(reply.body);
  expect(body).toMatchObject({
    error: ERRORS[code].message,
    code,
    request_id: reply.headers.get('x-request-id'),
  });
  expect(reply.headers.get('content-type')).toBe('application/json; charset=utf-8');
  expect(reply.headers.get('cache-control')).toBe('no-store');
  expect(reply.headers.get('x-content-type-options')).toBe('nosniff');
  expect(reply.headers.get('connection')).toBe('close');
}

async function expectRefused(text: string | Buffer, code: ErrorCode = 'malformed_request'): Promise<void> {
  const connection = await openRawConnection(suite.server.url);
  expectLastAnswer(await connection.send(text).reply(), code);
  await connection.closed;
  expect(connection.rest).toBe('');
}

const ACQUIRE = 'POST /locks/never/acquire HTTP/1.1\r\nhost: a\r\n';

describe('400 malformed_request', () => {
  test.each<[string, string | Buffer]>([
    ['text that is not HTTP', 'hello there\r\n\r\n'],
    ['the start of TLS', Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03])],
    ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['a future version', 'GET /health HTTP/3.0\r\nhost: a\r\n\r\n'],
    ['a method that does not exist', 'BREW /locks HTTP/1.1\r\nhost: a\r\n\r\n'],
    ['a method in small letters', 'get /locks HTTP/1.1\r\nhost: a\r\n\r\n'],
    ['no Host', 'GET /health HTTP/1.1\r\n\r\n'],
    ['a tunnel', 'CONNECT elsewhere.test:443 HTTP/1.1\r\nhost: elsewhere.test:443\r\n\r\n'],
    ['lines that end in LF', 'GET /health HTTP/1.1\nhost: a\n\n'],
    ['a blank before a colon', 'GET /health HTTP/1.1\r\nhost : a\r\n\r\n'],
    ['a folded header', 'GET /health HTTP/1.1\r\nhost: a\r\nx: a\r\n b\r\n\r\n'],
    ['NUL in a header', 'GET /health HTTP/1.1\r\nhost: a\r\nx: a\0b\r\n\r\n'],
    ['a blank in the path', 'GET /locks/a b HTTP/1.1\r\nhost: a\r\n\r\n'],
    ['two lengths', `${ACQUIRE}content-length: 2\r\ncontent-length: 3\r\n\r\n{} `],
    ['a length and chunks', `${ACQUIRE}content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`],
    ['a length below zero', `${ACQUIRE}content-length: -2\r\n\r\n{}`],
    ['a length that is too large', `${ACQUIRE}content-length: ${'9'.repeat(30)}\r\n\r\n{}`],
    ['a length in scientific notation', `${ACQUIRE}content-length: 1e1\r\n\r\n{}`],
    ['an unsupported encoding', `${ACQUIRE}transfer-encoding: gzip\r\n\r\n{}`],
    ['chunks twice', `${ACQUIRE}transfer-encoding: chunked, chunked\r\n\r\n0\r\n\r\n`],
    ['a chunk without a length', `${ACQUIRE}transfer-encoding: chunked\r\n\r\nZZ\r\n`],
    ['a second chunk without a length', `${ACQUIRE}transfer-encoding: chunked\r\n\r\n2\r\n{}\r\nZZ\r\n`],
  ])('for %s', async (_, text) => {
    const before = await suite.state();
    await expectRefused(text);
    expect(await suite.state()).toEqual(before);
  });

  test('is the last answer on its connection, after the answers to earlier requests', async () => {
    const connection = await openRawConnection(suite.server.url);
    connection.send(requestText('GET', '/health'));
    expect((await connection.reply()).body).toBe('OK');
    connection.send('nonsense\r\n\r\n');
    expectLastAnswer(await connection.reply(), 'malformed_request');
    await connection.closed;
  });
});

describe('431 headers_too_large', () => {
  test.each([
    ['one header of 17 KB', requestText('GET', '/health', { x: 'y'.repeat(17_000) })],
    [
      '2000 small headers',
      requestText(
        'GET',
        '/health',
        Object.fromEntries(Array.from({ length: 2000 }, (_, index) => [`h${index}`, 'value'])),
      ),
    ],
    ['a path of 17 KB', requestText('GET', `/locks/${'a'.repeat(17_000)}`)],
    ['a token of 17 KB', requestText('GET', '/locks', { authorization: `Bearer ${'t'.repeat(17_000)}` })],
  ])('for %s', async (_, text) => {
    await expectRefused(text, 'headers_too_large');
  });

  test('not for 15 KB', async () => {
    const reply = await rawCall(suite.server.url, requestText('GET', '/health', { x: 'y'.repeat(15_000) }));
    expect(reply.status).toBe(200);
  });
});

describe('408 request_timeout', () => {
  test.each([
    ['headers', 'GET /health HTTP/1.1\r\nhost: a\r\nx: '],
    ['a body', `${ACQUIRE}content-length: 100\r\n\r\n{"ttl`],
    ['a chunk', `${ACQUIRE}transfer-encoding: chunked\r\n\r\n5\r\n{"t`],
  ])('for %s that never arrives completely', async (_, text) => {
    const server = suite.server.app.getHttpServer();
    const { headersTimeout, requestTimeout } = server;
    Object.assign(server, { headersTimeout: 100, requestTimeout: 200 });
    try {
      await expectRefused(text, 'request_timeout');
    } finally {
      Object.assign(server, { headersTimeout, requestTimeout });
    }
  });

  test('by default after 10 seconds for headers and 13 for a body', () => {
    const server = suite.server.app.getHttpServer();
    expect(server).toMatchObject({ headersTimeout: 10_000, requestTimeout: 13_000 });
  });

  test('does not end a request that waits in line for a lock', () => {
    // A wait takes up to 60 s. The server's own timeout limits how long clients send, not how long they wait.
    expect(suite.server.app.getHttpServer()).toMatchObject({ timeout: 0 });
  });
});

test('a client that disconnects at any point harms no one', async () => {
  const texts = ['', 'GET', 'GET /locks HTTP/1.1\r\n', `${ACQUIRE}content-length: 100\r\n\r\n{"ttl`];
  for (const text of texts) {
    const connection = await openRawConnection(suite.server.url);
    connection.send(text).cut();
    await connection.closed;
  }
  expect((await suite.nobody.get('/health')).status).toBe(200);
});
