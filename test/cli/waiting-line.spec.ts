import { OctoStoreClient } from '@octostore/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WaitingLine } from '../../src/cli/client/lock/waiting-line.js';
import { waitingText } from '../../src/cli/client/lock/waiting-text.js';
import { SOON } from '../support/process.js';
import { ALICE, BOB, startServer, type TestServer } from '../support/server.js';

const CLEAR_LINE = '\r\u001B[2K';

let server: TestServer;
let alice: OctoStoreClient;
let bob: OctoStoreClient;

beforeAll(async () => {
  server = await startServer();
  alice = new OctoStoreClient({ baseUrl: server.url, token: ALICE });
  bob = new OctoStoreClient({ baseUrl: server.url, token: BOB });
});

afterAll(() => server.close());

/** A terminal that remembers what was written. */
class Screen {
  readonly columns = 80;
  written = '';

  constructor(readonly isTTY: boolean) {}

  write(text: string): boolean {
    this.written += text;
    return true;
  }
}

test('a terminal shows the lock that is held, its holder, the place and the time, until the wait ends', async () => {
  const { leaseId } = await bob.acquire('busy', { ttlSeconds: 600 });
  const screen = new Screen(true);
  const line = new WaitingLine(alice, ['idle', 'busy'], screen);
  const waiting = alice.holdAll([{ name: 'idle' }, { name: 'busy' }], {
    waitSeconds: 600,
    onAsk: (id) => line.start(id),
  });
  await expect
    .poll(() => screen.written.split(CLEAR_LINE).at(-1), SOON)
    .toMatch(/^waiting for busy: held by bob, place 1 of 1, \d+ s$/);
  await bob.release('busy', leaseId);
  await (await waiting).close();
  line.stop();
  expect(screen.written.endsWith(CLEAR_LINE)).toBe(true);
});

test('other outputs show nothing', () => {
  const screen = new Screen(false);
  const line = new WaitingLine(alice, ['busy'], screen);
  line.start('any');
  line.stop();
  expect(screen.written).toBe('');
});

test('the text counts other holders, and escapes what could control the terminal', async () => {
  await bob.acquire('pool', { limit: 3 });
  await alice.acquire('pool', { limit: 3 });
  const [lock, queue] = [await bob.lockStatus('pool'), await bob.queue('pool')];
  const wait = { lock, queue, leaseId: 'unknown', seconds: 61.7 };
  expect(waitingText(wait)).toBe('waiting for pool: held by bob and 1 other, 0 in line, 61 s');
  const odd = { ...lock, holder: 'b\u001B[31m' } as typeof lock;
  expect(waitingText({ ...wait, lock: odd })).toContain('held by b\\u{1b}[31m and');
  await bob.withLock('kept', { minHoldSeconds: 60 }, () => undefined);
  const delayed = waitingText({ ...wait, lock: await bob.lockStatus('kept') });
  expect(delayed).toMatch(/^waiting for kept: kept from everyone until \S+Z, 0 in line, 61 s$/);
  const free = await bob.lockStatus('free');
  expect(waitingText({ ...wait, lock: free })).toBe('waiting for free: kept for others, 0 in line, 61 s');
});
