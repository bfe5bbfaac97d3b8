import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { ManualClock } from '../support/manual-clock.js';
import { type RawReply } from '../../lab/kit/http/raw-http.js';
import { ALICE } from '../support/server.js';
import { useServer } from '../http/suite.js';
import { budget } from './budget.js';
import { countsOf } from './counts.js';
import { corrupted, noise, requestsOf } from '../../lab/kit/bad-input/corruptions.js';
import { openRawConnection } from '../support/raw-connection.js';

const suite = useServer({ MAX_LOCKS_PER_USER: '1000000' }, new ManualClock());

/** Sends the bytes, ends the connection, and returns all answers. */
async function exchange(bytes: Buffer): Promise<RawReply[]> {
  const connection = await openRawConnection(suite.server.url);
  connection.send(bytes).end();
  await connection.closed;
  return connection.replies();
}

function expectWellFormed(replies: readonly RawReply[]): void {
  for (const { status, headers, body } of replies) {
    expect(status).toBeLessThan(500);
    if (status < 400) continue;
    expect(JSON.parse(body)).toMatchObject({
      code: expect.any(String),
      request_id: headers.get('x-request-id'),
    });
  }
}

test('corrupted requests without a valid token change nothing', async () => {
  await fc.assert(
    fc.asyncProperty(corrupted(requestsOf('a-token-of-nobody')), async (bytes) => {
      const before = countsOf(suite.server);
      expectWellFormed(await exchange(bytes));
      expect(countsOf(suite.server)).toEqual(before);
    }),
    budget(6),
  );
});

test('corrupted requests of a user get well-formed answers', async () => {
  await fc.assert(
    fc.asyncProperty(corrupted(requestsOf(ALICE)), async (bytes) => {
      expectWellFormed(await exchange(bytes));
    }),
    budget(6),
  );
});

test('random bytes change nothing', async () => {
  await fc.assert(
    fc.asyncProperty(noise, async (bytes) => {
      const before = countsOf(suite.server);
      expectWellFormed(await exchange(bytes));
      expect(countsOf(suite.server)).toEqual(before);
    }),
    budget(2),
  );
});

test('requests that arrive in pieces, cut anywhere, are handled like whole ones', async () => {
  const [whole = Buffer.alloc(0)] = requestsOf(ALICE);
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(fc.nat(whole.length), { maxLength: 6 }), async (cuts) => {
      const connection = await openRawConnection(suite.server.url);
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

test('the server still works afterwards', async () => {
  expect((await suite.nobody.get('/health/ready')).status).toBe(200);
  expect((await suite.alice.post('/locks/at-the-end/acquire', { ttl_seconds: 1 })).status).toBe(200);
});
