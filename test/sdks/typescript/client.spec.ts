import { once } from 'node:events';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { LockHeldError, OctoStoreClient, ValidationError } from '../../../sdks/typescript/src/index.js';
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

async function waitersOf(name: string): Promise<number> {
  return (await client.lockStatus(name)).waiters;
}

async function statusOf(name: string): Promise<string> {
  return (await client.lockStatus(name)).status;
}

test('a wait that the caller aborts rejects with the reason and leaves the line', async () => {
  await bob.acquire('given-up');
  const stop = new AbortController();
  const waiting = client.hold('given-up', { waitSeconds: 60, signal: stop.signal });
  const outcome = waiting.catch((reason: unknown) => reason);
  await vi.waitUntil(async () => (await waitersOf('given-up')) === 1, { timeout: 10_000 });
  stop.abort('enough');
  expect(await outcome).toBe('enough');
  await vi.waitUntil(async () => (await waitersOf('given-up')) === 0, { timeout: 10_000 });
});

test('a signal that is already aborted sends no request', async () => {
  await expect(client.hold('never', { signal: AbortSignal.abort('before') })).rejects.toBe('before');
  expect(await statusOf('never')).toBe('available');
});

test('`withLock` passes on what its function returns or throws, and releases', async () => {
  expect(await client.withLock('with', {}, (lock) => lock.fencingToken)).toBeGreaterThan(0);
  const failing = client.withLock('with', {}, async () => {
    expect(await statusOf('with')).toBe('held');
    throw new Error('mine');
  });
  await expect(failing).rejects.toThrow('mine');
  expect(await statusOf('with')).toBe('available');
});

test('`await using` releases at the end of the block', async () => {
  {
    await using lock = await client.hold('using');
    expect(lock.isLost).toBe(false);
    await expect(bob.hold('using')).rejects.toBeInstanceOf(LockHeldError);
  }
  expect(await statusOf('using')).toBe('available');
});

test('an election can lead only once', async () => {
  const lead = vi.fn<() => void>();
  await client.elect('once', { once: true }, lead);
  expect(lead).toHaveBeenCalledOnce();
  expect(await statusOf('once')).toBe('available');
});

test('an election leads again and again, with increasing tokens, and ends with the error of its function', async () => {
  const tokens: number[] = [];
  const election = client.elect('again', {}, ({ fencingToken }) => {
    tokens.push(fencingToken);
    if (tokens.length === 3) throw new Error('enough');
  });
  await expect(election).rejects.toThrow('enough');
  expect(tokens).toEqual([...new Set(tokens)].toSorted((a, b) => a - b));
  expect(await statusOf('again')).toBe('available');
});

test('the leader learns that its election is stopped, and the lock is released after it has finished', async () => {
  const stop = new AbortController();
  const done = new AbortController();
  let leaderSignal: AbortSignal | undefined;
  const election = client.elect('stopped', { signal: stop.signal }, async (_, signal) => {
    leaderSignal = signal;
    await once(done.signal, 'abort');
  });
  const signal = await vi.waitUntil(() => leaderSignal, { timeout: 10_000 });
  expect(signal.aborted).toBe(false);
  stop.abort();
  expect(signal.aborted).toBe(true);
  expect(await statusOf('stopped')).toBe('held');
  done.abort();
  await election;
  expect(await statusOf('stopped')).toBe('available');
});

test('a wait of zero seconds is refused', async () => {
  await expect(client.acquire('wait', { waitSeconds: -1 })).rejects.toBeInstanceOf(ValidationError);
  await expect(client.acquire('wait', { waitSeconds: NaN })).rejects.toBeInstanceOf(ValidationError);
});

test('a handle reports its renewals, after which it has more time left', async () => {
  await using lock = await client.hold('renewed', { ttlSeconds: 3 });
  const beforeMs = performance.now() + lock.remainingMs;
  await new Promise<void>((resolve) => {
    lock.onRenewed(resolve);
  });
  expect(performance.now() + lock.remainingMs).toBeGreaterThan(beforeMs);
});

test('empty environment variables count as not set', () => {
  vi.stubEnv('OCTOSTORE_BASE_URL', '');
  vi.stubEnv('OCTOSTORE_TOKEN', '');
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(String(new OctoStoreClient())).toBe('OctoStoreClient(http://localhost:3000)');
});
