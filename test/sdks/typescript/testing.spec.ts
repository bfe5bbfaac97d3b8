import { describe, expect, test } from 'vitest';
import {
  AuthenticationError,
  LeaseBrokenError,
  LockHeldError,
  NotFoundError,
  OctoStoreClient,
  StaleTokenError,
  type HandleEvent,
} from '../../../sdks/typescript/src/index.js';
import { InMemoryOctoStore } from '../../../sdks/typescript/src/testing/index.js';

describe('the test double, with real clients', () => {
  test('a lock is refused while someone holds it, and a waiter gets it with a higher fencing token', async () => {
    const octostore = new InMemoryOctoStore();
    const [ada, bob] = [octostore.client('ada'), octostore.client('bob')];
    const lock = await ada.hold('a/b', { ttlSeconds: 30 });
    await expect(bob.hold('a/b')).rejects.toMatchObject({
      constructor: LockHeldError,
      holder: 'ada',
      expiresAt: new Date(octostore.now.getTime() + 30_000),
    });
    const waiting = bob.hold('a/b', { waitSeconds: 20 });
    await octostore.waiting('a/b');
    await lock.release();
    const next = await waiting;
    expect(next.fencingToken).toBeGreaterThan(lock.fencingToken);
    await next.release();
  });

  test('when its clock moves less than the TTL, handles are renewed, however often', async () => {
    const octostore = new InMemoryOctoStore();
    const events: HandleEvent[] = [];
    const client = octostore.client('ada', { observer: (event) => void events.push(event) });
    const lock = await client.hold('a', { ttlSeconds: 30 });
    for (let minute = 0; minute < 3; minute += 1) await octostore.advance(20);
    expect(lock.isLost).toBe(false);
    expect(events.map(({ type }) => type)).toEqual(['acquired', 'renewed', 'renewed', 'renewed']);
    await lock.release();
  });

  test('when it moves further, they are lost before the call returns, and the next waiter has the lock', async () => {
    const octostore = new InMemoryOctoStore();
    const lock = await octostore.client('ada').hold('a', { ttlSeconds: 10 });
    const waiting = octostore.client('bob').hold('a', { waitSeconds: 25 });
    await octostore.waiting('a');
    await octostore.advance(11);
    expect(lock.isLost).toBe(true);
    expect(lock.signal.reason).toBeInstanceOf(NotFoundError);
    await (await waiting).release();
  });

  test('sessions end with their locks', async () => {
    const octostore = new InMemoryOctoStore();
    const client = octostore.client();
    const session = await client.openSession({ ttlSeconds: 10 });
    const lock = await client.hold('a', { session, ttlSeconds: 100 });
    await octostore.advance(11);
    expect([session.isLost, lock.isLost]).toEqual([true, true]);
    expect(await client.lockStatus('a')).toMatchObject({ status: 'available' });
  });

  test('an administrator breaks a lock, and its handle learns why when the clock moves', async () => {
    const octostore = new InMemoryOctoStore();
    const lock = await octostore.client().hold('a');
    await octostore.adminClient().breakLock('a', { reason: 'it hangs' });
    await octostore.advance(0);
    expect(lock.signal.reason).toBeInstanceOf(LeaseBrokenError);
  });

  test('fences refuse old tokens', async () => {
    const client = new InMemoryOctoStore().client();
    const first = await client.withLock('a', {}, ({ fencingToken }) => fencingToken);
    const second = await client.withLock('a', {}, ({ fencingToken }) => fencingToken);
    await client.fences.advance('a', second);
    await expect(client.fences.advance('a', first)).rejects.toThrow(StaleTokenError);
  });

  test('an acquire that is cancelled leaves the line', async () => {
    const octostore = new InMemoryOctoStore();
    const lock = await octostore.client('ada').hold('a');
    const cancel = new AbortController();
    const waiting = octostore.client('bob').hold('a', { waitSeconds: 20, signal: cancel.signal });
    await octostore.waiting('a');
    cancel.abort(new Error('changed my mind'));
    await expect(waiting).rejects.toThrow('changed my mind');
    expect((await octostore.client().queue('a')).waiters).toBe(0);
    await lock.release();
  });

  test('a client of your own reaches it, with a token that it has given', async () => {
    const octostore = new InMemoryOctoStore();
    const { baseUrl, fetch } = octostore;
    const own = new OctoStoreClient({ baseUrl, fetch, token: octostore.token('carol') });
    const lock = await own.acquire('a');
    expect(lock.holder).toBe('carol');
    const stranger = new OctoStoreClient({ baseUrl, fetch, token: 'some-other-token' });
    await expect(stranger.acquire('b')).rejects.toThrow(AuthenticationError);
    expect(await stranger.health()).toBe('OK');
  });

  test('what it leaves out says so', async () => {
    const client = new InMemoryOctoStore().client();
    const expected = { status: 501, code: 'not_in_double', message: expect.stringContaining('real server') };
    await expect(client.webhooks.list()).rejects.toMatchObject(expected);
    await expect(client.watch('a')[Symbol.asyncIterator]().next()).rejects.toMatchObject(expected);
    await expect(client.rotateToken()).rejects.toMatchObject(expected);
    await expect(client.acquire('a', { proof: true })).rejects.toMatchObject(expected);
  });
});
