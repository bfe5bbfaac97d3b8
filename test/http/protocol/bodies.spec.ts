import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { rawCall, requestText } from '../../../lab/kit/http/raw-http.js';
import { ALICE } from '../../support/server.js';
import { newName, useServer } from '../suite.js';
import { openRawConnection } from '../../support/raw-connection.js';

const suite = useServer();
const AUTHORIZATION = { authorization: `Bearer ${ALICE}` };
const BODY = '{"ttl_seconds":60}';

function head(name: string, headers: Record<string, string>): string {
  return requestText('POST', `/locks/${name}/acquire`, { ...AUTHORIZATION, ...headers });
}

describe('a body in chunks', () => {
  test('is joined, even if a character is split between chunks', async () => {
    const name = newName();
    const connection = await openRawConnection(suite.server.url);
    const body = Buffer.from('{"ttl_seconds":60,"metadata":"🐙"}');
    const cut = body.indexOf(0xf0) + 2;
    connection.send(head(name, { 'transfer-encoding': 'chunked' }));
    for (const part of [body.subarray(0, cut), body.subarray(cut)]) {
      connection
        .send(`${part.length.toString(16)}\r\n`)
        .send(part)
        .send('\r\n');
    }
    const reply = await connection.send('0\r\n\r\n').reply();
    expect(reply.status).toBe(200);
    expect(JSON.parse(reply.body)).toMatchObject({ metadata: '🐙' });
  });

  test('is refused as soon as it exceeds 16 KiB, whatever follows', async () => {
    const before = await suite.state();
    const connection = await openRawConnection(suite.server.url);
    connection.send(head(newName(), { 'transfer-encoding': 'chunked' }));
    connection.send(`4001\r\n${' '.repeat(0x4001)}\r\n`);
    const reply = await connection.reply();
    expect(reply.status).toBe(413);
    expect(JSON.parse(reply.body)).toMatchObject({ code: 'body_too_large' });
    expect(reply.headers.get('connection')).toBe('close');
    expect(await suite.state()).toEqual(before);
  });

  test('may be empty, which counts as an empty object', async () => {
    const connection = await openRawConnection(suite.server.url);
    connection.send(head(newName(), { 'transfer-encoding': 'chunked' })).send('0\r\n\r\n');
    expect((await connection.reply()).status).toBe(422);
  });
});

describe('a compressed body', () => {
  test.each(['gzip', 'deflate', 'br', 'GZIP', 'identity, gzip'])(
    'in %s is refused with a matching error',
    async (encoding) => {
      const body = gzipSync(BODY);
      const connection = await openRawConnection(suite.server.url);
      connection.send(
        head(newName(), { 'content-encoding': encoding, 'content-length': String(body.length) }),
      );
      const reply = await connection.send(body).reply();
      expect(reply.status).toBe(415);
      expect(JSON.parse(reply.body)).toMatchObject({ code: 'unsupported_encoding' });
    },
  );

  test.each(['identity', 'Identity'])('that is not compressed, as %s says, is accepted', async (encoding) => {
    const headers = { 'content-encoding': encoding, 'content-length': String(BODY.length) };
    expect((await rawCall(suite.server.url, head(newName(), headers) + BODY)).status).toBe(200);
  });
});

describe('a body that is too large', () => {
  test('is refused by its declared length, before any of it is sent', async () => {
    const connection = await openRawConnection(suite.server.url);
    const reply = await connection.send(head(newName(), { 'content-length': '1000000' })).reply();
    expect(reply.status).toBe(413);
    await connection.closed;
  });

  test.each([17_000, 300_000, 3_000_000])(
    'of %d bytes: a client that sends it all first can still read the refusal',
    async (length) => {
      for (let round = 0; round < 5; round += 1) {
        const connection = await openRawConnection(suite.server.url);
        connection.send(head(newName(), { 'content-length': String(length) }));
        connection.send(Buffer.alloc(length, ' '));
        const reply = await connection.reply();
        expect(reply.status).toBe(413);
        expect(JSON.parse(reply.body)).toMatchObject({ code: 'body_too_large' });
      }
    },
  );

  test('does not keep its connection open if it never ends', async () => {
    const connection = await openRawConnection(suite.server.url);
    connection.send(head(newName(), { 'content-length': String(10 ** 9) }));
    const chunk = Buffer.alloc(64 * 1024, ' ');
    const flood = setInterval(() => connection.send(chunk), 1);
    try {
      expect((await connection.reply()).status).toBe(413);
      await connection.closed;
    } finally {
      clearInterval(flood);
    }
  });
});

describe('Content-Length', () => {
  test('smaller than the body ends the request there; the rest is the next request', async () => {
    const name = newName();
    const connection = await openRawConnection(suite.server.url);
    connection.send(head(name, { 'content-length': String(BODY.length) }) + BODY);
    expect((await connection.reply()).status).toBe(200);
    expect((await connection.send('}\r\n\r\n').reply()).status).toBe(400);
  });

  test('larger than the body waits for the rest, and nothing happens before', async () => {
    const name = newName();
    const connection = await openRawConnection(suite.server.url);
    connection.send(head(name, { 'content-length': String(BODY.length + 1) }) + BODY);
    expect((await suite.alice.get(`/locks/${name}`)).body['status']).toBe('available');
    expect((await connection.send(' ').reply()).status).toBe(200);
    expect((await suite.alice.get(`/locks/${name}`)).body['status']).toBe('held');
  });

  test('larger than the body of a client that disconnects: nothing happens', async () => {
    const name = newName();
    const connection = await openRawConnection(suite.server.url);
    connection.send(head(name, { 'content-length': String(BODY.length + 1) }) + BODY).cut();
    await connection.closed;
    expect((await suite.alice.get(`/locks/${name}`)).body['status']).toBe('available');
  });

  test('of 0 is an empty body', async () => {
    const reply = await rawCall(suite.server.url, head(newName(), { 'content-length': '0' }));
    expect(reply.status).toBe(422);
  });
});

describe('Expect', () => {
  test('100-continue gets 100 Continue, and then the answer', async () => {
    const name = newName();
    const connection = await openRawConnection(suite.server.url);
    connection.send(head(name, { expect: '100-continue', 'content-length': String(BODY.length) }));
    expect((await connection.reply()).status).toBe(100);
    expect((await connection.send(BODY).reply()).status).toBe(200);
  });

  test('100-continue for a body that is too large is refused at once', async () => {
    const connection = await openRawConnection(suite.server.url);
    connection.send(head(newName(), { expect: '100-continue', 'content-length': '20000' }));
    expect((await connection.reply()).status).toBe(413);
  });

  test('with any other value is ignored', async () => {
    const connection = await openRawConnection(suite.server.url);
    connection.send(head(newName(), { expect: 'a-miracle', 'content-length': String(BODY.length) }) + BODY);
    expect((await connection.reply()).status).toBe(200);
  });
});

test('requests in a row on one connection are answered in order', async () => {
  const names = Array.from({ length: 10 }, () => newName('row'));
  const connection = await openRawConnection(suite.server.url);
  connection.send(names.map((name) => head(name, { 'content-length': String(BODY.length) }) + BODY).join(''));
  for (const name of names) expect(JSON.parse((await connection.reply()).body)).toMatchObject({ name });
});

test('a bad request in a row does not harm the others', async () => {
  const connection = await openRawConnection(suite.server.url);
  const good = requestText('GET', '/health');
  const bad = head(newName(), { 'content-length': '1' }) + '{';
  connection.send(good + bad + good);
  const statuses = [await connection.reply(), await connection.reply(), await connection.reply()];
  expect(statuses.map(({ status }) => status)).toEqual([200, 400, 200]);
});

test.each(['GET', 'DELETE', 'HEAD'])('%s may have a body, which is ignored', async (method) => {
  const connection = await openRawConnection(suite.server.url);
  const path = method === 'DELETE' ? '/sessions/550e8400-e29b-41d4-a716-446655440000' : '/locks';
  connection.send(requestText(method, path, AUTHORIZATION, 'no JSON'));
  const { status } = await connection.reply({ toHead: method === 'HEAD' });
  expect(status).toBe(method === 'DELETE' ? 404 : 200);
  expect((await connection.send(requestText('GET', '/health')).reply()).body).toBe('OK');
});

test('HTTP/1.0 works', async () => {
  const connection = await openRawConnection(suite.server.url);
  const reply = await connection.send('GET /health HTTP/1.0\r\n\r\n').reply();
  expect(reply.body).toBe('OK');
  await connection.closed;
});

test('no request can switch the server to another protocol', async () => {
  for (const upgrade of ['websocket', 'h2c']) {
    const reply = await rawCall(
      suite.server.url,
      requestText('GET', '/health', { connection: 'Upgrade', upgrade }),
    );
    expect(reply.status).toBe(200);
  }
});
