import { describe, expect, test } from 'vitest';
import { RowChanges } from '../../src/journal/row-changes.js';
import { filledBy } from '../support/collections.js';
import { acquireRequest, lock, sessionId, user } from '../support/law.js';
import { settleDown, StoreRig, watch } from '../support/store.js';

describe('a view of the state', () => {
  test('shows decisions before they are durable', async () => {
    const rig = await StoreRig.open();
    rig.journal.hold();
    const granted = rig.grant('a');
    expect(rig.store.peek((state, now) => state.firstLiveLease(lock('a'), now)?.lockName)).toBe('a');
    expect(rig.store.counts).toMatchObject({ leaseCount: 1, lastFencingToken: 1, lastSequence: 1 });
    rig.journal.letGo();
    await granted;
  });

  test('is refused once the store has failed', async () => {
    const rig = await StoreRig.open();
    rig.store.admission.stop();
    expect(() => rig.store.peek(() => 1)).toThrow(expect.objectContaining({ code: 'store_unavailable' }));
    await expect(rig.store.settled()).rejects.toMatchObject({ code: 'store_unavailable' });
  });
});

describe('a read', () => {
  test('writes the time if something is overdue, and nothing otherwise', async () => {
    const rig = await StoreRig.open();
    await rig.grant('a', { ttl: 1 });
    const commits = rig.journal.batches.length;
    await rig.holding('a');
    expect(rig.journal.batches).toHaveLength(commits);
    rig.clock.advance(1_001);
    await rig.holding('a');
    expect(rig.journal.batches).toHaveLength(commits + 1);
    expect(rig.journal.batches.at(-1)?.watermarks.lastInstant).toBe(rig.store.now());
  });
});

describe('rows that the core does not know', () => {
  test('report when they are durable, and not before', async () => {
    const rig = await StoreRig.open();
    const reported: string[] = [];
    const rows = new RowChanges().put('cursors', { reader: 'r', sequence: 1 });
    rows.onDurable(() => reported.push('durable'));
    rig.journal.hold();
    const written = rig.store.write(rows);
    await rig.journal.isHolding();
    await settleDown();
    expect(reported).toEqual([]);
    rig.journal.letGo();
    await written;
    expect(reported).toEqual(['durable']);
  });
});

describe('a refusal that depends on a change that is not yet durable', () => {
  test('waits for it', async () => {
    const rig = await StoreRig.open();
    rig.journal.hold();
    const granted = rig.grant('a');
    const refused = watch(rig.store.settleRefusal(() => Promise.reject(new Error('no'))));
    await rig.journal.isHolding();
    await settleDown();
    expect(refused.status).toBe('pending');
    rig.journal.letGo();
    await granted;
    await settleDown();
    expect(refused).toMatchObject({ status: 'rejected', reason: { message: 'no' } });
  });

  test('does not delay a success', async () => {
    const rig = await StoreRig.open();
    rig.journal.hold();
    const granted = rig.grant('a');
    expect(await rig.store.settleRefusal(() => Promise.resolve('yes'))).toBe('yes');
    rig.journal.letGo();
    await granted;
  });
});

describe('observers learn how long a request has waited', () => {
  test('and its outcome', async () => {
    const rig = await StoreRig.open();
    const waits: [number, number, string][] = [];
    rig.store.observe({
      waited: ({ durationMs, inLineMs, answer }) => waits.push([durationMs, inLineMs, answer]),
    });
    const lease = await rig.grant('a');
    const connection = new AbortController();
    const left = rig.wait(acquireRequest('a', { user: 'bob' }), connection.signal);
    const served = rig.wait(acquireRequest('a', { user: 'cid' }));
    rig.clock.advance(40);
    connection.abort();
    await left;
    rig.clock.advance(2);
    await rig.release(lease);
    await served;
    await rig.grant('b');
    expect(waits).toEqual([
      [40, 40, 'abandoned'],
      [42, 42, 'acquired'],
    ]);
  });
});

describe('the event log', () => {
  test('keeps what a reader from before the restart has not read, until it returns', async () => {
    const rig = await StoreRig.open({ eventRetention: 2 });
    await rig.store.write(new RowChanges().put('cursors', { reader: 'webhooks', sequence: 1 }));
    await rig.restart();
    for (let times = 0; times < 3; times += 1) await rig.release(await rig.grant('a'));
    expect(rig.store.log.prunedThrough).toBe(1);
    rig.store.log.keepFor(() => 6, 'webhooks');
    await rig.grant('b');
    expect(rig.store.log.prunedThrough).toBe(5);
    expect(rig.store.log.resumableFrom).toBe(5);
  });
});

describe('the sweep', () => {
  test('is shared by all who ask while it runs, and can start again after that', async () => {
    const rig = await StoreRig.open();
    await rig.grant('a', { ttl: 1 });
    rig.clock.advance(1_001);
    const first = rig.store.sweep();
    expect(rig.store.sweep()).toBe(first);
    await first;
    await rig.grant('b', { ttl: 1 });
    rig.clock.advance(1_001);
    await rig.store.sweep();
    expect(rig.store.counts.leaseCount).toBe(0);
  });

  test('ends with the store', async () => {
    const rig = await StoreRig.open();
    await rig.grant('a', { ttl: 1 });
    rig.clock.advance(1_001);
    rig.store.admission.stop();
    await expect(rig.store.sweep()).rejects.toMatchObject({ code: 'store_unavailable' });
  });

  test('without a timer is started by an acquire, too', async () => {
    const rig = await StoreRig.open();
    await rig.grant('short', { ttl: 1 });
    rig.clock.advance(1_101);
    await rig.grant('other');
    await settleDown();
    expect(rig.store.counts.leaseCount).toBe(1);
  });

  test('is not started by a request while timers can still start it', async () => {
    const rig = await StoreRig.open();
    await rig.grant('short', { ttl: 1 });
    rig.clock.advance(1_100);
    await rig.grant('other');
    await settleDown();
    expect(rig.store.counts.leaseCount).toBe(2);
  });

  test('of waiters only lets other work run between its steps', async () => {
    const rig = await StoreRig.open({ maxWaiters: 2_000, maxWaitersPerUser: 2_000 });
    await rig.grant('a', { ttl: 600 });
    const waiters = Array.from({ length: 1_200 }, () =>
      rig.store.acquire(acquireRequest('a', { user: 'bob' }), 1),
    );
    rig.clock.advance(1_001);
    const sweep = watch(rig.store.sweep());
    await new Promise((resolve) => setImmediate(resolve));
    expect(sweep.status).toBe('pending');
    await Promise.all(waiters);
    await settleDown();
    expect([sweep.status, rig.store.counts.waiterCount]).toEqual(['resolved', 0]);
  });
});

describe('a wall clock that is set', () => {
  test('is not stored by a store that has failed', async () => {
    const rig = await StoreRig.open();
    rig.clock.jumpWall(5_000);
    rig.store.admission.stop();
    await expect(rig.store.followWallClock()).rejects.toMatchObject({ code: 'store_unavailable' });
  });
});

describe('a drain', () => {
  test('says when waiters may retry, and does nothing the second time', async () => {
    const rig = await StoreRig.open();
    await rig.grant('a');
    const waiter = watch(rig.wait(acquireRequest('a', { user: 'bob' })));
    rig.store.drain();
    rig.store.drain();
    await settleDown();
    expect(waiter).toMatchObject({ reason: { code: 'shutting_down', retryAfterMs: 1_000 } });
    expect(rig.store.counts.waiterCount).toBe(0);
  });
});

describe('nothing is left in memory', () => {
  test('of a client that waited, was served and released the lock', async () => {
    const rig = await StoreRig.open();
    const lease = await rig.grant('a');
    let waiter: ReturnType<StoreRig['wait']> | undefined;
    const filled = filledBy(() => {
      waiter = rig.wait(acquireRequest('a', { user: 'bob' }));
    });
    const handedOver = filledBy(() => void rig.release(lease));
    const answer = await waiter;
    if (answer?.kind === 'acquired') await rig.release(answer.lease);
    await settleDown();
    // Maps elsewhere are rows that are being committed.
    const kept = [...filled, ...handedOver.filter((collection) => collection instanceof Set)];
    expect(kept.filter(({ size }) => size > 0)).toEqual([]);
  });

  test('of a client that waited for a session that is closed', async () => {
    const rig = await StoreRig.open();
    const ids = { sessionId: sessionId('s'), userId: user('bob') };
    await rig.grant('a');
    await rig.store.execute({ kind: 'open_session', ...ids, ttlSeconds: 60, madeWith: null });
    const waiting = filledBy(() => void rig.wait(acquireRequest('a', { user: 'bob', session: 's' })));
    await rig.store.execute({ kind: 'close_session', ...ids });
    await settleDown();
    expect(waiting.filter(({ size }) => size > 0)).toEqual([]);
  });
});
