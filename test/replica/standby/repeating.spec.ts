import { expect, test } from 'vitest';
import { answer, HANG, RESET } from '../upstream.js';
import { LEASE_ID, HOLD_MS, startPair, NO_LEADER, OUTCOME_UNKNOWN, SERVED } from './holding-rig.js';

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

test('the repeat of a read that is turned away is passed on', async () => {
  const { client, old } = await startPair(answer('overloaded', 503));
  old.next(RESET);

  expect(await client.get('/locks')).toMatchObject({ status: 503, body: { text: 'overloaded' } });
});

test('a read that was repeated in vain has had no effect', async () => {
  const { client, clock, held, old } = await startPair(RESET);
  old.isAlive = false;

  const reply = client.get('/locks');
  await held();
  clock.advance(HOLD_MS);

  expect(await reply).toMatchObject(NO_LEADER);
});
