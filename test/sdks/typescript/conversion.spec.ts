import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import {
  LockHeldError,
  NotFoundError,
  OctoStoreClient,
  ServerError,
  ValidationError,
  type LockHandle,
} from '../../../sdks/typescript/src/index.js';
import { BOB, startServer, type TestServer } from '../../support/server.js';
import { answering, type Answer } from './scripted-server.js';

let server: TestServer;
let client: OctoStoreClient;
let bob: OctoStoreClient;

beforeAll(async () => {
  server = await startServer();
  client = new OctoStoreClient({ baseUrl: server.url, token: server.token });
  bob = new OctoStoreClient({ baseUrl: server.url, token: BOB });
});

afterAll(() => server.close());

const READER = { mode: 'shared', waitSeconds: 600 } as const;

class Gate {
  open: () => void = () => undefined;
  readonly opened = new Promise<void>((resolve) => {
    this.open = resolve;
  });
}

function renewed(lock: LockHandle): Promise<void> {
  return new Promise((resolve) => {
    lock.onRenewed(resolve);
  });
}

test('a writer becomes a reader with the same token, and lets in those who wait', async () => {
  await using lock = await client.hold('down');
  const { fencingToken } = lock;
  const waiting = bob.hold('down', READER);
  await vi.waitUntil(async () => (await client.queue('down')).waiters === 1, { timeout: 10_000 });
  await lock.convert('shared');
  await using reader = await waiting;
  expect(lock.locks).toEqual([{ name: 'down', mode: 'shared' }]);
  expect(lock.fencingToken).toBe(fencingToken);
  expect(reader.fencingToken).toBeGreaterThan(fencingToken);
});

test('a reader becomes a writer with a new token, once it is the only one', async () => {
  await using lock = await client.hold('up', { mode: 'shared', ttlSeconds: 3 });
  const { fencingToken } = lock;
  await using other = await bob.hold('up', { mode: 'shared' });
  const refused: unknown = await lock.convert('exclusive').catch((reason: unknown) => reason);
  expect(refused).toBeInstanceOf(LockHeldError);
  expect(refused).toMatchObject({ code: 'lock_held', lock: 'up', holder: 'bob' });
  expect(lock).toMatchObject({ fencingToken, isLost: false, locks: [{ mode: 'shared' }] });
  await other.release();
  await lock.convert('exclusive');
  expect(lock.locks).toEqual([{ name: 'up', mode: 'exclusive' }]);
  expect(lock.fencingToken).toBeGreaterThan(fencingToken);
  const upgraded = lock.fencingToken;
  await lock.convert('exclusive');
  await renewed(lock);
  expect(lock).toMatchObject({ fencingToken: upgraded, isLost: false });
});

test('one of several locks is converted, and the new token is for all of them', async () => {
  const wanted = [
    { name: 'some/1', mode: 'shared' },
    { name: 'some/2', mode: 'shared' },
  ] as const;
  await using lock = await client.holdAll(wanted);
  const { fencingToken } = lock;
  await lock.convert('exclusive', 'some/2');
  expect(lock.locks).toEqual([
    { name: 'some/1', mode: 'shared' },
    { name: 'some/2', mode: 'exclusive' },
  ]);
  expect(lock.fencingToken).toBeGreaterThan(fencingToken);
  expect(await client.lockStatus('some/1')).toMatchObject({ fencingToken: lock.fencingToken });
});

test('a single request converts a lease that no handle keeps', async () => {
  const { leaseId, fencingToken } = await client.acquire('single');
  expect(await client.convert('single', leaseId, 'shared')).toMatchObject({ mode: 'shared', fencingToken });
  await expect(bob.convert('single', leaseId, 'exclusive')).rejects.toBeInstanceOf(NotFoundError);
});

test('a counted lock cannot be converted, nor one that the handle does not hold, and nothing is lost', async () => {
  await using lock = await client.hold('counted', { limit: 2 });
  await expect(lock.convert('shared')).rejects.toBeInstanceOf(ValidationError);
  await expect(lock.convert('shared', 'other')).rejects.toBeInstanceOf(ValidationError);
  expect(lock.isLost).toBe(false);
});

test('a conversion finds out that the lock is lost', async () => {
  const lock = await client.hold('gone', { ttlSeconds: 600 });
  await client.release('gone', lock.leaseId);
  await expect(lock.convert('shared')).rejects.toBeInstanceOf(NotFoundError);
  expect(lock.isLost).toBe(true);
  expect(String(lock.signal.reason)).toContain('it has ended on the server');
});

describe('what a renewal says about the lease', () => {
  const LEASE = {
    status: 'held',
    lease_id: '550e8400-e29b-41d4-a716-446655440000',
    name: 'a',
    mode: 'shared',
    fencing_token: 7,
    expires_at: '2026-01-01T12:00:00.000Z',
    holder: 'alice',
    holder_id: '9f8b6a52-61b7-4f3a-9c0e-1f2d3c4b5a69',
    metadata: null,
  };
  const UPGRADED = { ...LEASE, mode: 'exclusive', fencing_token: 8 };
  const granted: Answer = { status: 200, body: LEASE };

  test('counts if the outcome of a conversion is unknown', async () => {
    const own = await answering({
      acquire: () => granted,
      convert: () => ({ status: 500, body: {} }),
      renew: () => ({ status: 200, body: UPGRADED }),
    });
    await using lock = await own.hold('a', { mode: 'shared', ttlSeconds: 3 });
    await expect(lock.convert('exclusive')).rejects.toBeInstanceOf(ServerError);
    expect(lock.fencingToken).toBe(7);
    await renewed(lock);
    expect(lock).toMatchObject({ fencingToken: 8, locks: [{ name: 'a', mode: 'exclusive' }] });
  });

  test('does not count if the renewal was sent before a conversion that is over', async () => {
    const arrived = new Gate();
    const converted = new Gate();
    const answers = [LEASE];
    const own = await answering({
      acquire: () => granted,
      convert: () => ({ status: 200, body: UPGRADED }),
      renew: async () => {
        arrived.open();
        await converted.opened;
        return { status: 200, body: answers.pop() ?? UPGRADED };
      },
    });
    await using lock = await own.hold('a', { mode: 'shared', ttlSeconds: 3 });
    const once = renewed(lock);
    await arrived.opened;
    await lock.convert('exclusive');
    converted.open();
    await once;
    expect(lock.fencingToken).toBe(8);
  });
});
