import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import {
  LockHeldError,
  NotFoundError,
  OctoStoreClient,
  ValidationError,
  type LockHandle,
} from '../../../sdks/typescript/src/index.js';
import { BOB, startServer, type TestServer } from '../../support/server.js';

let server: TestServer;
let client: OctoStoreClient;
let bob: OctoStoreClient;

beforeAll(async () => {
  server = await startServer();
  client = new OctoStoreClient({ baseUrl: server.url, token: server.token });
  bob = new OctoStoreClient({ baseUrl: server.url, token: BOB });
});

afterAll(() => server.close());

async function statusOf(name: string): Promise<string> {
  return (await client.lockStatus(name)).status;
}

async function refusalOf(request: Promise<unknown>): Promise<LockHeldError> {
  const error: unknown = await request.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(LockHeldError);
  return error as LockHeldError;
}

describe('shared locks', () => {
  test('readers hold a lock together, a writer alone', async () => {
    await using reader = await client.hold('shared', { mode: 'shared' });
    await using other = await bob.hold('shared', { mode: 'shared' });
    expect(reader.locks).toEqual([{ name: 'shared', mode: 'shared' }]);
    expect(other.fencingToken).toBeGreaterThan(reader.fencingToken);
    expect(await client.lockStatus('shared')).toMatchObject({
      mode: 'shared',
      holderCount: 2,
      holders: [
        { holder: 'alice', leaseId: reader.leaseId },
        { holder: 'bob', leaseId: null },
      ],
    });
    expect(await client.listLocks({ prefix: 'shared' })).toHaveLength(2);
    const { code, holder, lock } = await refusalOf(bob.hold('shared'));
    expect({ code, holder, lock }).toEqual({ code: 'lock_held', holder: 'alice', lock: 'shared' });
  });

  test('a reader behind a waiting writer is refused, and the error names no holder', async () => {
    await using reader = await client.hold('writer-first', { mode: 'shared' });
    const onAsk = vi.fn<(leaseId: string) => void>();
    const writer = bob.hold('writer-first', { waitSeconds: 60, onAsk });
    await vi.waitUntil(async () => (await client.queue('writer-first')).waiters === 1, { timeout: 10_000 });
    const [place] = (await bob.queue('writer-first')).queue;
    expect(onAsk.mock.calls).toEqual([[place?.leaseId]]);
    const { code, holder, holderId, metadata } = await refusalOf(
      client.hold('writer-first', { mode: 'shared' }),
    );
    expect({ code, holder, holderId, metadata }).toEqual({
      code: 'lock_queued',
      holder: null,
      holderId: null,
      metadata: null,
    });
    await reader.close();
    await (await writer).close();
  });
});

describe('counted locks', () => {
  test('each holder has slots of its own, until all are in use', async () => {
    await using first = await client.hold('counted', { limit: 3, permits: 2 });
    await using second = await bob.hold('counted', { limit: 3 });
    expect([first.slots, second.slots]).toEqual([[0, 1], [2]]);
    expect(await client.lockStatus('counted')).toMatchObject({ mode: 'counted', limit: 3, permitsInUse: 3 });
    await refusalOf(client.hold('counted', { limit: 3 }));
    const mismatch = await refusalOf(client.hold('counted', { limit: 4 }));
    expect({ code: mismatch.code, limit: mismatch.limit }).toEqual({ code: 'limit_mismatch', limit: 3 });
  });

  test('an election with a limit has that many leaders', async () => {
    const stop = new AbortController();
    const slots: number[] = [];
    const lead = async (lock: LockHandle, signal: AbortSignal): Promise<void> => {
      slots.push(...lock.slots);
      await once(signal, 'abort');
    };
    const options = { limit: 2, signal: stop.signal };
    const elections = [1, 2, 3].map(() => client.elect('leaders', options, lead));
    await vi.waitUntil(async () => slots.length === 2 && (await client.queue('leaders')).waiters === 1, {
      timeout: 10_000,
    });
    expect(slots.toSorted((a, b) => a - b)).toEqual([0, 1]);
    stop.abort();
    await Promise.all(elections);
    expect(await statusOf('leaders')).toBe('available');
  });

  test('a limit that contradicts the mode is refused', async () => {
    await expect(client.hold('both', { mode: 'shared', limit: 3 })).rejects.toBeInstanceOf(ValidationError);
  });
});

describe('several locks', () => {
  test('are held together or not at all', async () => {
    await using held = await bob.hold('all/2');
    const wanted = [{ name: 'all/1' }, { name: 'all/2', mode: 'shared' as const }];
    const { lock, holder } = await refusalOf(client.holdAll(wanted));
    expect({ lock, holder }).toEqual({ lock: 'all/2', holder: 'bob' });
    expect(await statusOf('all/1')).toBe('available');
    await held.close();
    expect(await client.withLocks(wanted, {}, ({ locks }) => locks)).toEqual([
      { name: 'all/1', mode: 'exclusive' },
      { name: 'all/2', mode: 'shared' },
    ]);
    expect([await statusOf('all/1'), await statusOf('all/2')]).toEqual(['available', 'available']);
  });

  test('wait as one request', async () => {
    await using first = await bob.hold('wait/1');
    await using second = await bob.hold('wait/2');
    const waiting = client.holdAll([{ name: 'wait/1' }, { name: 'wait/2' }], { waitSeconds: 60 });
    await vi.waitUntil(async () => (await client.queue('wait/2')).waiters === 1, { timeout: 10_000 });
    await first.close();
    expect((await client.queue('wait/1')).waiters).toBe(1);
    await second.close();
    await (await waiting).close();
  });

  test('are renewed in the background, and lost together', async () => {
    await using handle = await client.holdAll([{ name: 'lost/1' }, { name: 'lost/2' }], { ttlSeconds: 3 });
    await new Promise<void>((resolve) => {
      handle.onRenewed(resolve);
    });
    expect(handle.isLost).toBe(false);
    await client.leases.release(handle.leaseId);
    await vi.waitUntil(() => handle.signal.aborted, { timeout: 10_000 });
    expect(handle.isLost).toBe(true);
    expect(handle.signal.reason).toBeInstanceOf(NotFoundError);
    expect(String(handle.signal.reason)).toContain('the lease of lost/1, lost/2 is lost');
    await handle.release();
  });

  test('end with their session', async () => {
    await using session = await client.openSession();
    const handle = await client.holdAll([{ name: 'session/1' }, { name: 'session/2' }], { session });
    expect(await client.leases.get(handle.leaseId)).toMatchObject({ sessionId: session.sessionId });
    await session.end();
    expect(handle.isLost).toBe(true);
    expect(await statusOf('session/2')).toBe('available');
    await handle.close();
  });

  test('must be at least one, with valid names', async () => {
    await expect(client.holdAll([])).rejects.toBeInstanceOf(ValidationError);
    await expect(client.acquireAll([{ name: 'not//valid' }])).rejects.toBeInstanceOf(ValidationError);
  });
});

describe('leases by their ids', () => {
  test('are read, renewed and released with all their locks', async () => {
    const lease = await client.acquireAll([{ name: 'id/1' }, { name: 'id/2', limit: 4 }], { ttlSeconds: 10 });
    expect(lease.locks).toMatchObject([{ name: 'id/1' }, { name: 'id/2', limit: 4, permits: 1, slots: [0] }]);
    const renewed = await client.leases.renew(lease.leaseId, 600);
    expect(renewed.expiresAt.getTime()).toBeGreaterThan(lease.expiresAt.getTime());
    expect(await client.leases.get(lease.leaseId)).toEqual(renewed);
    expect((await client.renew('id/2', lease.leaseId, 600)).locks).toEqual(lease.locks);
    await client.leases.release(lease.leaseId);
    expect(await statusOf('id/1')).toBe('available');
    await expect(client.leases.get(lease.leaseId)).rejects.toBeInstanceOf(NotFoundError);
  });

  test('must be used for one lease only, and a mistake releases nothing', async () => {
    const leaseId = crypto.randomUUID();
    await client.acquire('misused', { leaseId });
    const mismatch = { name: 'ValidationError', code: 'lease_mismatch' };
    await expect(client.acquire('misused', { leaseId, mode: 'shared' })).rejects.toMatchObject(mismatch);
    expect(await statusOf('misused')).toBe('held');
    await client.acquire('misused-too', { leaseId });
    const ambiguous = { name: 'ValidationError', code: 'ambiguous_lease_id' };
    await expect(client.leases.release(leaseId)).rejects.toMatchObject(ambiguous);
    expect(await statusOf('misused')).toBe('held');
  });
});

test('the line of a lock shows your place, which you can give up after the wait', async () => {
  await using held = await bob.hold('line');
  const leaseId = crypto.randomUUID();
  const { position, waiters } = await refusalOf(
    client.acquire('line', { leaseId, waitSeconds: 0.1, limit: 2 }),
  );
  expect({ position, waiters }).toEqual({ position: 1, waiters: 0 });
  expect(await client.queue('line')).toEqual({
    name: held.name,
    waiters: 0,
    total: 1,
    queue: [
      {
        position: 1,
        holder: 'alice',
        holderId: expect.any(String),
        since: expect.any(Date),
        mode: 'counted',
        limit: 2,
        permits: 1,
        asking: false,
        leaseId,
      },
    ],
  });
  await client.leaveQueue('line', leaseId);
  expect((await client.queue('line')).total).toBe(0);
  await expect(client.leaveQueue('line', leaseId)).rejects.toBeInstanceOf(NotFoundError);
});

test('events say how a lock is held', async () => {
  const stop = new AbortController();
  const watch = client.watch('seen', { signal: stop.signal });
  expect(await watch.next()).toMatchObject({ value: { type: 'state' } });
  const { leaseId } = await client.acquireAll([{ name: 'seen', limit: 2 }, { name: 'unseen' }]);
  expect(await watch.next()).toMatchObject({
    value: {
      type: 'acquired',
      data: { mode: 'counted', limit: 2, slots: [0], leaseLocks: ['seen', 'unseen'] },
    },
  });
  await client.leases.release(leaseId);
  stop.abort();
});
