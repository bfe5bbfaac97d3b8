import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import {
  LeaseBrokenError,
  LimitError,
  NotFoundError,
  OctoStoreClient,
  PermissionError,
  ValidationError,
  type LockHandle,
  type ReleaseRequest,
} from '../../../sdks/typescript/src/index.js';
import { ADMIN_KEY, BOB, startServer, type TestServer } from '../../support/server.js';
import { answering, type Answer } from './scripted-server.js';

let server: TestServer;
let client: OctoStoreClient;
let bob: OctoStoreClient;
let administrator: OctoStoreClient;

beforeAll(async () => {
  server = await startServer();
  client = new OctoStoreClient({ baseUrl: server.url, token: server.token });
  bob = new OctoStoreClient({ baseUrl: server.url, token: BOB });
  administrator = new OctoStoreClient({ baseUrl: server.url, token: ADMIN_KEY });
});

afterAll(() => server.close());

const LEASE = {
  status: 'acquired',
  lease_id: '550e8400-e29b-41d4-a716-446655440000',
  name: 'a',
  fencing_token: 7,
  expires_at: '2026-01-01T12:00:00.000Z',
  holder: 'alice',
  holder_id: '9f8b6a52-61b7-4f3a-9c0e-1f2d3c4b5a69',
  metadata: null,
};

const BROKEN: Answer = {
  status: 410,
  body: { code: 'lease_broken', reason: 'test', broken_by: 'ada', broken_at: '2026-01-01T12:00:00.000Z' },
};

async function renewals(lock: LockHandle, count: number): Promise<void> {
  for (let left = count; left > 0; left -= 1)
    await new Promise<void>((resolve) => {
      lock.onRenewed(resolve);
    });
}

describe('a request to release a lock', () => {
  test('reaches the listener of its holder once, and stands until the lease ends', async () => {
    await using lock = await client.hold('asked', { ttlSeconds: 3 });
    const listener = vi.fn<(request: ReleaseRequest) => void>();
    lock.onReleaseRequested(listener);
    expect(lock.releaseRequested).toBeNull();
    await bob.requestRelease('asked', { message: 'deploying' });
    await vi.waitUntil(() => listener.mock.calls.length > 0, { timeout: 10_000 });
    await renewals(lock, 2);
    const request = { by: 'bob', message: 'deploying', at: expect.any(Date) };
    expect(listener.mock.calls).toEqual([[request]]);
    expect(lock.releaseRequested).toEqual(request);

    await bob.requestRelease('asked');
    await vi.waitUntil(() => listener.mock.calls.length > 1, { timeout: 10_000 });
    expect(listener.mock.lastCall).toEqual([{ ...request, message: null }]);
  });

  test('reaches a listener that comes late', async () => {
    await using lock = await client.hold('late', { ttlSeconds: 3 });
    await bob.requestRelease('late');
    await vi.waitUntil(() => lock.releaseRequested !== null, { timeout: 10_000 });
    const request = await new Promise((resolve) => {
      lock.onReleaseRequested(resolve);
    });
    expect(request).toMatchObject({ by: 'bob' });
  });

  test('is in the response to a renewal', async () => {
    const { leaseId } = await client.acquire('renewed');
    expect(await client.renew('renewed', leaseId, 60)).not.toHaveProperty('releaseRequested');
    await bob.requestRelease('renewed', { message: 'please' });
    const releaseRequested = { by: 'bob', message: 'please', at: expect.any(Date) };
    expect(await client.renew('renewed', leaseId, 60)).toMatchObject({ releaseRequested });
    expect(await client.leases.renew(leaseId, 60)).toMatchObject({ releaseRequested });
  });

  test('needs a holder, and cannot be repeated too often', async () => {
    await expect(bob.requestRelease('free')).rejects.toBeInstanceOf(NotFoundError);
    await using lock = await client.hold('often');
    for (let request = 0; request < 5; request += 1) await bob.requestRelease(lock.name);
    await expect(bob.requestRelease(lock.name)).rejects.toBeInstanceOf(LimitError);
  });
});

describe('a break', () => {
  test('tells the holder who did it, and why', async () => {
    await using lock = await client.hold('broken', { ttlSeconds: 3 });
    const { leaseId, fencingToken } = lock;
    expect(await administrator.breakLock('broken', { reason: 'worker hangs' })).toEqual({
      leaseCount: 1,
      fencingTokens: [fencingToken],
      endedDelay: false,
    });
    await vi.waitUntil(() => lock.signal.aborted, { timeout: 10_000 });
    const loss: unknown = lock.signal.reason;
    expect(loss).toBeInstanceOf(LeaseBrokenError);
    expect(loss).toMatchObject({
      type: 'not_found',
      code: 'lease_broken',
      status: 410,
      message: 'the lock broken is lost: an administrator broke it ("worker hangs")',
      reason: 'worker hangs',
      brokenBy: 'administrator',
      brokenAt: expect.any(Date),
      cause: expect.any(LeaseBrokenError),
    });
    await lock.release();
    await expect(client.renew('broken', leaseId, 60)).rejects.toBeInstanceOf(LeaseBrokenError);
    await expect(client.release('broken', leaseId)).rejects.toBeInstanceOf(LeaseBrokenError);
    await expect(client.leases.get(leaseId)).rejects.toBeInstanceOf(LeaseBrokenError);
    await expect(client.acquire('broken', { leaseId })).rejects.toBeInstanceOf(LeaseBrokenError);
    expect((await client.lockStatus('broken')).status).toBe('available');
  });

  test('can end one lease of several', async () => {
    await using lock = await client.hold('one', { mode: 'shared' });
    await using other = await bob.hold('one', { mode: 'shared' });
    const { fencingToken } = other;
    const one = { reason: 'test', fencingToken };
    expect(await administrator.breakLock('one', one)).toMatchObject({ fencingTokens: [fencingToken] });
    await expect(administrator.breakLock('one', one)).rejects.toBeInstanceOf(NotFoundError);
    expect(await client.lockStatus('one')).toMatchObject({ fencingToken: lock.fencingToken, holderCount: 1 });
  });

  test('needs a reason, and an administrator', async () => {
    await using lock = await client.hold('kept');
    await expect(bob.breakLock(lock.name, { reason: 'mine now' })).rejects.toBeInstanceOf(PermissionError);
    await expect(administrator.breakLock(lock.name, { reason: '' })).rejects.toBeInstanceOf(ValidationError);
    expect((await client.lockStatus('kept')).status).toBe('held');
  });

  test('ends a term of office, and the election goes on', async () => {
    const stop = new AbortController();
    const tokens: number[] = [];
    const election = client.elect('office', { ttlSeconds: 3, signal: stop.signal }, (lock, signal) => {
      tokens.push(lock.fencingToken);
      return new Promise((resolve) => {
        signal.addEventListener('abort', () => resolve());
      });
    });
    await vi.waitUntil(() => tokens.length === 1, { timeout: 10_000 });
    await administrator.breakLock('office', { reason: 'test' });
    await vi.waitUntil(() => tokens.length === 2, { timeout: 10_000 });
    stop.abort();
    await election;
    expect(tokens[1]).toBeGreaterThan(tokens[0] ?? Infinity);
  });

  test('of a lease before its client hears of it does not end an election', async () => {
    const answers = [BROKEN];
    const own = await answering({
      acquire: () => answers.pop() ?? { status: 200, body: LEASE },
      release: () => ({ status: 200, body: { status: 'released' } }),
    });
    const lead = vi.fn<() => void>();
    await own.elect('a', { once: true }, lead);
    expect(lead).toHaveBeenCalledOnce();
  });

  test('cannot be the work of a release whose outcome is unknown', async () => {
    const answers = [{ status: 503, body: {} }, BROKEN];
    const own = await answering({ release: () => answers.shift() ?? { status: 404, body: {} } });
    await expect(own.release('a', crypto.randomUUID())).rejects.toMatchObject({
      name: 'LeaseBrokenError',
      brokenBy: 'ada',
    });
  });

  test('is understood without its particulars', async () => {
    const own = await answering({ renew: () => ({ status: 410, body: { code: 'lease_broken' } }) });
    await expect(own.renew('a', 'x', 60)).rejects.toBeInstanceOf(NotFoundError);
  });
});

test('watchers get the new events if they name them, and otherwise a broken lease as expired', async () => {
  const named = client.watch('watched', { events: ['broken', 'release_requested'] });
  const usual = client.watchPrefix('watched');
  expect(await named.next()).toMatchObject({ value: { type: 'state' } });
  expect(await usual.next()).toMatchObject({ value: { type: 'state' } });
  const { fencingToken } = await client.acquire('watched', { metadata: 'note' });
  await bob.requestRelease('watched', { message: 'please' });
  await administrator.breakLock('watched', { reason: 'test' });
  expect(await named.next()).toMatchObject({
    value: {
      type: 'release_requested',
      data: { holder: 'alice', metadata: 'note', fencingToken, requestedBy: 'bob', message: 'please' },
    },
  });
  expect(await named.next()).toMatchObject({
    value: {
      type: 'broken',
      data: { holderId: null, fencingToken, reason: 'test', brokenBy: 'administrator' },
    },
  });
  expect(await usual.next()).toMatchObject({ value: { type: 'acquired' } });
  expect(await usual.next()).toMatchObject({ value: { type: 'expired', data: { cause: 'broken' } } });
  await Promise.all([named.return(), usual.return()]);
});
