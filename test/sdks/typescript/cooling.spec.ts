import { afterAll, beforeAll, expect, test } from 'vitest';
import { LockHeldError, OctoStoreClient, ValidationError } from '../../../sdks/typescript/src/index.js';
import { ADMIN_KEY, BOB, startServer, type TestServer } from '../../support/server.js';

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

/** Acquires a lock and lets go of it, so that it is kept from everyone for ten minutes. */
async function releaseTooSoon(name: string): Promise<void> {
  await client.withLock(name, { ttlSeconds: 600, minHoldSeconds: 600 }, () => undefined);
}

test('a lock that is released too soon is delayed, and no one gets it', async () => {
  await releaseTooSoon('delayed');
  const status = await client.lockStatus('delayed');
  expect(status).toEqual({
    status: 'delayed',
    name: 'delayed',
    message: expect.any(String),
    fencingToken: expect.any(Number),
    waiters: 0,
    availableAt: expect.any(Date),
  });
  const error: unknown = await bob.hold('delayed').catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(LockHeldError);
  expect(error).toMatchObject({
    code: 'lock_delayed',
    lock: 'delayed',
    holder: null,
    holderId: null,
    metadata: null,
    expiresAt: status.status === 'delayed' ? status.availableAt : null,
  });
});

test('a client that waits gets the lock when the delay is over', async () => {
  await client.withLock('waited', { minHoldSeconds: 1 }, () => undefined);
  await using lock = await bob.hold('waited', { waitSeconds: 600 });
  expect(lock.isLost).toBe(false);
});

test('a break starts the lock delay, and a second break ends it', async () => {
  await client.holdAll([{ name: 'twice/1' }, { name: 'twice/2' }], { ttlSeconds: 600, lockDelaySeconds: 60 });
  expect(await administrator.breakLock('twice/2', { reason: 'test' })).toMatchObject({ endedDelay: false });
  const watch = client.watch('twice/1');
  expect(await watch.next()).toMatchObject({ value: { type: 'state', data: { status: 'delayed' } } });
  await watch.return();
  expect(await administrator.breakLock('twice/1', { reason: 'test' })).toEqual({
    leaseCount: 0,
    fencingTokens: [],
    endedDelay: true,
  });
  expect((await client.lockStatus('twice/1')).status).toBe('available');
  expect((await client.lockStatus('twice/2')).status).toBe('delayed');
});

test.each([
  { lockDelaySeconds: 61 },
  { lockDelaySeconds: -1 },
  { lockDelaySeconds: 0.5 },
  { minHoldSeconds: 31 },
  { minHoldSeconds: NaN },
  { lockDelaySeconds: 1, mode: 'shared' },
  { minHoldSeconds: 1, limit: 2 },
] as const)('%j is refused', async (options) => {
  const holding = client.hold('refused', { ttlSeconds: 30, ...options });
  await expect(holding).rejects.toBeInstanceOf(ValidationError);
});
