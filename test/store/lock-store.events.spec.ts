import { describe, expect, test } from 'vitest';
import { EXCLUSIVE } from '../../src/core/model/demand.js';
import type { LoggedEvent } from '../../src/journal/logged-event.js';
import type { Commit } from '../../src/store/store-observer.js';
import { RawDatabase } from '../../src/journal/sqlite/raw-database.js';
import { acquireRequest, lock, user } from '../support/law.js';
import { settleDown, StoreRig, watch } from '../support/store.js';

/** Fills the log: each pair of calls makes two events. */
async function makeEvents(rig: StoreRig, count: number): Promise<void> {
  for (let made = 0; made < count; made += 2) await rig.release(await rig.grant('busy'));
}

async function sequences(rig: StoreRig): Promise<number[]> {
  return (await rig.store.log.after(0, 100_000)).map(({ sequence }) => sequence);
}

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i);

describe('the event log', () => {
  test('says what happened, with wall-clock times', async () => {
    const rig = await StoreRig.open();
    const start = rig.clock.wallMs();
    const lease = await rig.grant('a', { session: null, ttl: 60, metadata: 'm' });
    rig.clock.advance(1_000);
    await rig.renew(lease, 30);
    rig.clock.advance(1_000);
    await rig.release(lease);
    const common = { actor: { kind: 'user', userId: 'ann' }, subject: { kind: 'lock', lockName: 'a' } };
    const hold = { hold: EXCLUSIVE, leaseLocks: ['a'] };
    const holder = { userId: 'ann', sessionId: null };
    const body = { holder, fencingToken: 1, metadata: 'm', ...hold };
    expect(await rig.store.log.after(0, 10)).toEqual([
      { ...common, sequence: 1, at: start, type: 'acquired', body: { ...body, expiresAt: start + 60_000 } },
      {
        ...common,
        sequence: 2,
        at: start + 1_000,
        type: 'renewed',
        body: { ...body, expiresAt: start + 31_000 },
      },
      { ...common, sequence: 3, at: start + 2_000, type: 'released', body },
    ]);
  });

  test('says who asked for a release, which changes nothing else', async () => {
    const rig = await StoreRig.open();
    await rig.grant('a');
    const request = { lockName: lock('a'), requestedBy: user('bob'), message: 'please' } as const;
    expect(await rig.store.execute({ kind: 'request_release', ...request })).toMatchObject({
      kind: 'release_requested',
    });
    await rig.restart();
    const [, asked] = await rig.store.log.after(0, 10);
    expect(asked).toMatchObject({ sequence: 2, type: 'release_requested', actor: { userId: 'bob' } });
  });

  test('is told to observers after the commit, in order, each event once, before the caller is answered', async () => {
    const rig = await StoreRig.open();
    const told: LoggedEvent[] = [];
    rig.store.observe({ committed: ({ events }) => told.push(...events) });
    rig.journal.hold();
    const toldAtAnswer = rig.grant('a').then(() => told.length);
    await rig.journal.isHolding();
    const more = ['b', 'c'].map((name) => rig.grant(name));
    await settleDown();
    expect(told).toEqual([]);
    rig.journal.letGo();
    expect(await toldAtAnswer).toBe(1);
    await Promise.all(more);
    expect(told).toEqual(await rig.store.log.after(0, 10));
    expect(told.map(({ subject }) => subject.lockName)).toEqual(['a', 'b', 'c']);
  });

  test('tells observers of refusals too, but only that they were decided', async () => {
    const rig = await StoreRig.open();
    const decided: string[] = [];
    const commits: Commit[] = [];
    rig.store.observe({
      decided: (command, { outcome }) => decided.push(`${command.kind} ${outcome.kind}`),
      committed: (commit) => commits.push(commit),
    });
    await rig.grant('a');
    await rig.acquire('a', { user: 'bob' });
    expect(decided).toEqual(['acquire acquired', 'acquire conflict']);
    expect(commits.map(({ callers, events }) => [callers, events.length])).toEqual([[1, 1]]);
  });
});

describe('the event log is bounded:', () => {
  test('it keeps the newest events, and says from where one can resume', async () => {
    const rig = await StoreRig.open({ eventRetention: 10 });
    await makeEvents(rig, 20);
    await rig.grant('last');
    expect(await sequences(rig)).toEqual(range(12, 21));
    expect([rig.store.log.prunedThrough, rig.store.log.resumableFrom]).toEqual([11, 11]);
  });

  test('it keeps what a reader has not seen yet', async () => {
    const rig = await StoreRig.open({ eventRetention: 4 });
    let seen = 0;
    rig.store.log.keepFor(() => seen);
    await makeEvents(rig, 10);
    expect(await sequences(rig)).toEqual(range(1, 10));
    seen = 5;
    await rig.grant('a');
    expect(await sequences(rig)).toEqual(range(6, 11));
    seen = 11;
    await rig.grant('b');
    expect(await sequences(rig)).toEqual(range(9, 12));
  });

  test('it goes in bites, so that no commit is slow because of it', async () => {
    const rig = await StoreRig.open({ eventRetention: 10 });
    let seen = 0;
    rig.store.log.keepFor(() => seen);
    const locks = range(1, 4_500).map((number) =>
      rig.grant(`lock-${number}`, { user: `user-${number % 50}` }),
    );
    await Promise.all(locks);
    seen = 4_500;
    const left: number[] = [];
    for (const name of ['x', 'y', 'z']) {
      await rig.grant(name);
      left.push((await sequences(rig)).length);
    }
    expect(left).toEqual([2_501, 502, 10]);
  });

  test('it stays bounded after a restore, which leaves a great gap in the numbers', async () => {
    const rig = await StoreRig.open({ eventRetention: 10 });
    await makeEvents(rig, 8);
    await rig.close();
    const file = await RawDatabase.open(rig.path, 'existing', 0);
    await file.execute('update server set last_sequence = 5000000000, restored_at = 5000000000');
    await file.close();
    await rig.start();
    expect(rig.store.log.resumableFrom).toBe(5_000_000_000);
    await makeEvents(rig, 40);
    expect(await sequences(rig)).toEqual(range(5_000_000_031, 5_000_000_040));
  });

  test('its bound survives a restart', async () => {
    const rig = await StoreRig.open({ eventRetention: 10 });
    await makeEvents(rig, 20);
    const bound = rig.store.log.prunedThrough;
    await rig.restart();
    expect(rig.store.log.prunedThrough).toBeGreaterThanOrEqual(bound);
    expect((await sequences(rig)).at(-1)).toBe(20);
  });
});

describe('time', () => {
  test('a wall clock that is set ends no lease, and clients see the new time from then on', async () => {
    const rig = await StoreRig.open();
    const lease = await rig.grant('a', { ttl: 60 });
    for (const jump of [86_400_000, -86_400_000, -5_000]) {
      rig.clock.jumpWall(jump);
      expect(await rig.store.followWallClock()).toBe(jump);
      expect(await rig.store.followWallClock()).toBe(0);
      expect(await rig.holding('a')).toEqual(lease);
      expect(rig.store.toWallMs(lease.deadline)).toBe(rig.clock.wallMs() + 60_000);
    }
    rig.clock.advance(60_000);
    expect(await rig.holding('a')).toEqual(lease);
    rig.clock.advance(1);
    expect(await rig.holding('a')).toBeNull();
  });

  test('a jump is durable once it is noticed, and costs nothing while there is none', async () => {
    const rig = await StoreRig.open();
    const commits = rig.journal.batches.length;
    await rig.store.followWallClock();
    expect(rig.journal.batches).toHaveLength(commits);
    rig.clock.jumpWall(86_400_000);
    await rig.store.followWallClock();
    expect(rig.journal.batches).toHaveLength(commits + 1);
    const lease = await rig.grant('a', { ttl: 3_600 });
    await rig.close();
    rig.clock.reboot(1_000);
    await rig.start();
    expect(await rig.holding('a')).toEqual(lease);
  });
});

describe('a sweep', () => {
  test('of very many leases lets a renewal have its turn', async () => {
    const rig = await StoreRig.open();
    const renewable = await rig.grant('renewable', { ttl: 60 });
    const short = range(1, 2_300).map((number) =>
      rig.grant(`s-${number}`, { user: `user-${number % 50}`, ttl: 1 }),
    );
    await Promise.all(short);
    rig.clock.advance(1_001);
    const sweeping = rig.store.sweep();
    const sweep = watch(sweeping);
    const order: string[] = [];
    const renewed = rig.renew(renewable).then(() => order.push(`renewed, swept: ${sweep.status}`));
    await renewed;
    expect(order).toEqual(['renewed, swept: pending']);
    await sweeping;
    expect(await rig.store.read((state) => state.leaseCount)).toBe(1);
    const expired = rig.journal.batches.map(({ rows }) => rows.of('leases').removed.length);
    expect(Math.max(...expired)).toBeLessThanOrEqual(500);
    expect(expired.reduce((sum, count) => sum + count, 0)).toBe(2_300);
  });

  test('that no timer has started is started by the next request', async () => {
    const rig = await StoreRig.open();
    const renewable = await rig.grant('renewable', { ttl: 60 });
    await rig.grant('short', { ttl: 1 });
    const waiter = watch(rig.wait(acquireRequest('short', { user: 'bob' })));
    rig.clock.advance(1_100);
    await rig.renew(renewable);
    expect(waiter.status).toBe('pending');
    rig.clock.advance(1);
    await rig.renew(renewable);
    await settleDown();
    expect(waiter).toMatchObject({ status: 'resolved', value: { kind: 'acquired' } });
  });

  test('writes nothing when nothing is due', async () => {
    const rig = await StoreRig.open();
    await rig.grant('a');
    const commits = rig.journal.batches.length;
    await rig.store.sweep();
    expect(rig.journal.batches).toHaveLength(commits);
  });

  test('serves the waiters of all that ended', async () => {
    const rig = await StoreRig.open();
    for (const name of ['a', 'b']) await rig.grant(name, { ttl: 1 });
    const waiters = ['a', 'b'].map((name) => rig.wait(acquireRequest(name, { user: 'bob' })));
    rig.clock.advance(1_001);
    await rig.store.sweep();
    expect((await Promise.all(waiters)).map(({ kind }) => kind)).toEqual(['acquired', 'acquired']);
  });
});
