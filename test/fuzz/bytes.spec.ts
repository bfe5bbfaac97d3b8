import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { ManualClock } from '../support/manual-clock.js';
import { RawConnection, requestText, type RawReply } from '../support/raw-http.js';
import { ALICE } from '../support/server.js';
import { useServer } from '../http/suite.js';
import { budget } from './budget.js';
import { countsOf } from './counts.js';

const suite = useServer({ MAX_LOCKS_PER_USER: '1000000' }, new ManualClock());

/** Something that happens to the bytes of a request on their way. */
type Mishap = (bytes: Buffer) => Buffer;

const place = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const some = fc.oneof(
  fc.uint8Array({ minLength: 1, maxLength: 8 }).map((bytes) => Buffer.from(bytes)),
  fc
    .constantFrom('\r\n', '\r\n\r\n', '\n', '\0', ' ', ':', '0\r\n\r\n', 'HTTP/1.1', '%00')
    .map((text) => Buffer.from(text)),
);

const mishap: fc.Arbitrary<Mishap> = fc.oneof(
  fc.tuple(place, some).map(
    ([at, bytes]): Mishap =>
      (text) =>
        splice(text, at, 0, bytes),
  ),
  fc.tuple(place, fc.integer({ min: 1, max: 20 })).map(
    ([at, count]): Mishap =>
      (text) =>
        splice(text, at, count),
  ),
  fc.tuple(place, some).map(
    ([at, bytes]): Mishap =>
      (text) =>
        splice(text, at, bytes.length, bytes),
  ),
  place.map(
    (at): Mishap =>
      (text) =>
        text.subarray(0, Math.floor(at * text.length)),
  ),
  fc.constant<Mishap>((text) => Buffer.concat([text, text])),
);

function splice(text: Buffer, at: number, count: number, bytes: Buffer = Buffer.alloc(0)): Buffer {
  const start = Math.floor(at * text.length);
  return Buffer.concat([text.subarray(0, start), bytes, text.subarray(start + count)]);
}

function requestsOf(token: string): Buffer[] {
  const headers = { authorization: `Bearer ${token}` };
  const chunks = '5\r\n{"ttl\r\nd\r\n_seconds":60}\r\n0\r\n\r\n';
  return [
    requestText('POST', '/locks/some-lock/acquire', headers, '{"ttl_seconds":60,"lease_id":null}'),
    requestText('POST', '/locks/some-lock/acquire', { ...headers, 'transfer-encoding': 'chunked' }) + chunks,
    requestText('POST', '/sessions', headers, '{"ttl_seconds":60}'),
    requestText('GET', '/locks?prefix=a', headers),
    requestText('DELETE', '/sessions/550e8400-e29b-41d4-a716-446655440000', headers),
  ].map((text) => Buffer.from(text));
}

/** Sends the bytes and nothing more, and takes all answers. */
async function tell(bytes: Buffer): Promise<RawReply[]> {
  const connection = await RawConnection.open(suite.server.url);
  connection.send(bytes).end();
  await connection.closed;
  return connection.replies();
}

function expectOrderly(replies: readonly RawReply[]): void {
  for (const { status, headers, body } of replies) {
    expect(status).toBeLessThan(500);
    if (status < 400) continue;
    expect(JSON.parse(body)).toMatchObject({
      code: expect.any(String),
      request_id: headers.get('x-request-id'),
    });
  }
}

test('what happens to the bytes of a stranger changes nothing', async () => {
  const requests = fc.constantFrom(...requestsOf('a-token-of-nobody'));
  await fc.assert(
    fc.asyncProperty(requests, fc.array(mishap, { minLength: 1, maxLength: 3 }), async (text, mishaps) => {
      const before = countsOf(suite.server);
      expectOrderly(await tell(mishaps.reduce((bytes, happen) => happen(bytes), text)));
      expect(countsOf(suite.server)).toEqual(before);
    }),
    budget(6),
  );
});

test('what happens to the bytes of a user is answered in order', async () => {
  const requests = fc.constantFrom(...requestsOf(ALICE));
  await fc.assert(
    fc.asyncProperty(requests, fc.array(mishap, { minLength: 1, maxLength: 3 }), async (text, mishaps) => {
      expectOrderly(await tell(mishaps.reduce((bytes, happen) => happen(bytes), text)));
    }),
    budget(6),
  );
});

test('noise changes nothing', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 2000 }), async (bytes) => {
      const before = countsOf(suite.server);
      expectOrderly(await tell(Buffer.from(bytes)));
      expect(countsOf(suite.server)).toEqual(before);
    }),
    budget(2),
  );
});

test('requests that arrive in pieces, cut anywhere, are understood like whole ones', async () => {
  const [whole = Buffer.alloc(0)] = requestsOf(ALICE);
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(fc.nat(whole.length), { maxLength: 6 }), async (cuts) => {
      const connection = await RawConnection.open(suite.server.url);
      let sent = 0;
      for (const cut of [...cuts.toSorted((a, b) => a - b), whole.length]) {
        connection.send(whole.subarray(sent, cut));
        sent = cut;
        await new Promise((resolve) => {
          setImmediate(resolve);
        });
      }
      expect((await connection.reply()).status).toBe(200);
      connection.cut();
    }),
    budget(),
  );
});

test('after all that the server works', async () => {
  expect((await suite.nobody.get('/health/ready')).status).toBe(200);
  expect((await suite.alice.post('/locks/at-the-end/acquire', { ttl_seconds: 1 })).status).toBe(200);
});
