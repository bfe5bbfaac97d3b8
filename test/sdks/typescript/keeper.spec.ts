import { expect, onTestFinished, test, vi } from 'vitest';
import { CLOCK } from '../../../sdks/typescript/src/clock.js';
import { Keeper, type Sending } from '../../../sdks/typescript/src/keeper.js';
import { Servers } from '../../../sdks/typescript/src/servers.js';

function keeperOf(renew: (sending: Sending) => Promise<number>): Keeper {
  vi.useFakeTimers({
    toFake: ['performance', 'Date', 'setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'],
  });
  CLOCK.nowMs();
  const keeper = new Keeper({
    what: 'the lock a',
    ttlMs: 30_000,
    provedAtMs: CLOCK.nowMs(),
    timeoutMs: 10_000,
    servers: new Servers(['http://a']),
    renew,
    tell: () => undefined,
  });
  onTestFinished(() => {
    keeper.stop();
    vi.useRealTimers();
  });
  return keeper;
}

/** The wall clock goes on, and timers and the monotonic clock stand still. */
function suspend(ms: number): void {
  vi.setSystemTime(Date.now() + ms);
}

test('after a long suspension, the loss is signalled as soon as the machine resumes', async () => {
  const keeper = keeperOf(() => new Promise(() => undefined));
  suspend(40_000);
  await vi.advanceTimersByTimeAsync(1100);
  await vi.waitUntil(() => keeper.signal.aborted, { timeout: 10_000 });
  expect(keeper.remainingMs).toBe(0);
});

test('after a short one, the lease is renewed as soon as the machine resumes', async () => {
  let renewals = 0;
  const keeper = keeperOf(() => {
    renewals += 1;
    return Promise.resolve(CLOCK.nowMs());
  });
  suspend(15_000);
  await vi.advanceTimersByTimeAsync(1100);
  await vi.waitUntil(() => renewals > 0, { timeout: 10_000 });
  expect(keeper.isLost).toBe(false);
});

test('a keeper that is stopped leaves no timer', () => {
  const keeper = keeperOf(() => new Promise(() => undefined));
  keeper.stop();
  expect(vi.getTimerCount()).toBe(0);
});
