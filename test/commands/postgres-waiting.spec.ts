import { Logger } from '@nestjs/common';
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { announceWaiting } from '../../src/cli/server/postgres/announce-waiting.js';
import { connectPatiently } from '../../src/cli/server/postgres/connect-patiently.js';
import { within } from '../../src/cli/server/postgres/within.js';
import type { Leader, SharedDatabase } from '../../src/journal/shared-database.js';
import { ManualClock } from '../support/manual-clock.js';

let clock: ManualClock;

beforeEach(() => {
  clock = new ManualClock();
});

/** What is logged, the arguments of each call. */
function logged(level: 'log' | 'warn'): unknown[] {
  const spy = vi.spyOn(Logger.prototype, level).mockImplementation(() => undefined);
  onTestFinished(() => spy.mockRestore());
  return spy.mock.calls;
}

/** Fails with these reasons, in order, and then connects. */
function failing(...reasons: string[]): () => Promise<string> {
  const left = [...reasons];
  return () => {
    const reason = left.shift();
    return reason === undefined ? Promise.resolve('connected') : Promise.reject(new Error(reason));
  };
}

/** Lets promises settle. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

test('the pauses between attempts grow up to 5 seconds, for as long as the database is away', async () => {
  logged('warn');
  const connected = connectPatiently(failing(...Array<string>(8).fill('down')), { clock, database: 'd' });
  for (const pauseMs of [250, 500, 1_000, 2_000, 4_000, 5_000, 5_000, 5_000]) {
    await turn();
    expect(clock.hasTimerDueIn(pauseMs)).toBe(true);
    clock.advance(pauseMs);
  }
  expect(await connected).toBe('connected');
});

test('each reason is logged once', async () => {
  const lines = logged('warn');
  const connected = connectPatiently(failing('down', 'down', 'starting', 'starting'), {
    clock,
    database: 'd',
  });
  for (let attempt = 0; attempt < 4; attempt += 1) {
    await turn();
    clock.advance(5_000);
  }
  await connected;
  const fields = { message: 'The database cannot be used yet. The server waits for it', database: 'd' };
  expect(lines).toEqual([[{ ...fields, reason: 'down' }], [{ ...fields, reason: 'starting' }]]);
});

test('an error against which waiting cannot help is thrown at once', async () => {
  const wrong = Object.assign(new Error('wrong password'), { code: '28P01' });
  await expect(connectPatiently(() => Promise.reject(wrong), { clock, database: 'd' })).rejects.toBe(wrong);
  expect(clock.pendingTimers).toBe(0);
});

function ledBy(leader: Leader | null): SharedDatabase {
  return {
    leader: () => Promise.resolve(leader),
    connect: () => Promise.reject(new Error('not used')),
    declareRestored: () => Promise.reject(new Error('not used')),
    cluster: () => Promise.reject(new Error('not used')),
    finalize: () => Promise.reject(new Error('not used')),
    replication: () => Promise.reject(new Error('not used')),
    keepSecretCheck: () => Promise.reject(new Error('not used')),
  };
}

const LEADER = { url: 'http://10.0.0.7:3000', reign: 'r' };

test('a server that waits for its turn says so once, and names the leader', async () => {
  const lines = logged('log');
  let begin: (value: string) => void = () => undefined;
  const begun = announceWaiting(
    () => new Promise<string>((resolve) => (begin = resolve)),
    ledBy(LEADER),
    clock,
  );
  clock.advance(999);
  await turn();
  expect(lines).toEqual([]);
  clock.advance(60_000);
  await turn();
  expect(lines).toEqual([
    [{ message: expect.stringMatching(/^Another server leads .* This one waits /), leader: LEADER.url }],
  ]);
  begin('led');
  expect(await begun).toBe('led');
});

test('a server that leads at once says nothing', async () => {
  const lines = logged('log');
  expect(await announceWaiting(() => Promise.resolve(1), ledBy(LEADER), clock)).toBe(1);
  expect(clock.pendingTimers).toBe(0);
  const slow = announceWaiting(() => clock.pause(2_000), ledBy(null), clock);
  clock.advance(2_000);
  await slow;
  await turn();
  expect(lines).toEqual([]);
});

test('a promise that takes too long counts as null, and leaves no timer behind', async () => {
  expect(await within(1_000, clock, Promise.resolve(7))).toBe(7);
  await expect(within(1_000, clock, Promise.reject(new Error('it failed')))).rejects.toThrow('it failed');
  expect(clock.pendingTimers).toBe(0);
  const late = within(
    1_000,
    clock,
    clock.pause(1_001).then(() => Promise.reject(new Error('too late'))),
  );
  clock.advance(2_000);
  expect(await late).toBeNull();
});
