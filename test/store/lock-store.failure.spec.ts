import { describe, expect, test } from 'vitest';
import type { Command } from '../../src/core/model/command.js';
import { RowChanges } from '../../src/journal/row-changes.js';
import { acquireRequest, sessionId, user } from '../support/law.js';
import { settleDown, StoreRig, watch } from '../support/store.js';

const UNAVAILABLE = { status: 'rejected', reason: { code: 'store_unavailable' } };

/** Every kind of request to a store, with its outcome so far. */
function askEverything(rig: StoreRig, tag: string) {
  const session = { sessionId: sessionId(tag), userId: user('ann') };
  return [
    rig.acquire(tag),
    rig.wait(acquireRequest('held', { user: tag })),
    rig.store.execute({ kind: 'open_session', ...session, ttlSeconds: 60, madeWith: null }),
    rig.store.execute({ kind: 'close_session', ...session }),
    rig.store.execute({ kind: 'sweep', limit: 1 }),
    rig.store.write(new RowChanges().put('cursors', { reader: tag, sequence: 1 })),
    rig.store.read((state) => state.leaseCount),
  ].map((promise) => watch<unknown>(promise));
}

describe('when a commit fails', () => {
  test('every caller that waits for it, or comes later, learns that the outcome is unknown', async () => {
    const rig = await StoreRig.open();
    await rig.grant('held');
    rig.journal.hold();
    const inCommit = askEverything(rig, 'one');
    await rig.journal.isHolding();
    const inNextCommit = askEverything(rig, 'two');
    await settleDown();
    rig.journal.failFromNowOn();
    rig.journal.letGo();
    await settleDown();
    const later = askEverything(rig, 'three');
    await settleDown();
    for (const outcome of [...inCommit, ...inNextCommit, ...later])
      expect(outcome).toMatchObject(UNAVAILABLE);
  });

  test('the store stops for good and reports it once, with the cause', async () => {
    const rig = await StoreRig.open();
    const failures: unknown[] = [];
    rig.store.observe({ failed: (error) => failures.push(error) });
    const cause = new Error('SQLITE_IOERR');
    rig.journal.failFromNowOn(cause);
    const outcomes = [...askEverything(rig, 'one'), ...askEverything(rig, 'two')];
    await settleDown();
    askEverything(rig, 'three');
    await settleDown();
    expect(outcomes).toHaveLength(14);
    expect(failures).toEqual([expect.objectContaining({ code: 'store_unavailable', cause })]);
    expect([rig.store.admission.status, rig.store.admission.isRunning]).toEqual(['failed', false]);
  });

  test('nothing more is committed, reported to observers or acknowledged, even once the disk works again', async () => {
    const rig = await StoreRig.open();
    const reported: string[] = [];
    rig.store.observe({
      committed: ({ events }) => reported.push(...events.map(({ subject }) => subject.lockName)),
    });
    await rig.grant('before');
    rig.journal.hold();
    const lost = watch(rig.grant('lost'));
    await rig.journal.isHolding();
    const filling = watch(rig.grant('filling'));
    rig.journal.failFromNowOn();
    rig.journal.letGo();
    await settleDown();
    const commits = rig.journal.batches.length;
    const later = watch(rig.grant('later'));
    await settleDown();
    expect(rig.journal.batches).toHaveLength(commits);
    expect(reported).toEqual(['before']);
    expect([lost, filling, later].map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  });

  test('waiters are refused, and nothing changes when they disconnect', async () => {
    const rig = await StoreRig.open();
    await rig.grant('a');
    const connection = new AbortController();
    const waiter = watch(rig.wait(acquireRequest('a', { user: 'bob' }), connection.signal));
    rig.journal.failFromNowOn();
    await expect(rig.grant('b')).rejects.toMatchObject({ code: 'store_unavailable' });
    await settleDown();
    expect(waiter).toMatchObject(UNAVAILABLE);
    connection.abort();
    rig.store.drain();
    await settleDown();
  });

  test('the next start has what was durable, and nothing else', async () => {
    const rig = await StoreRig.open();
    const kept = await rig.grant('kept');
    rig.journal.failFromNowOn();
    await expect(rig.grant('lost')).rejects.toMatchObject({ code: 'store_unavailable' });
    await expect(rig.release(kept)).rejects.toMatchObject({ code: 'store_unavailable' });
    await rig.restart();
    expect(await rig.holding('kept')).toEqual(kept);
    expect(await rig.holding('lost')).toBeNull();
    expect((await rig.grant('new')).fencingToken).toBeGreaterThan(kept.fencingToken);
  });
});

describe('when the core contradicts itself', () => {
  const nonsense = { kind: 'nonsense' } as unknown as Extract<Command, { kind: 'sweep' }>;

  test('the store stops at once and trusts only the durable state', async () => {
    const rig = await StoreRig.open();
    const failures: unknown[] = [];
    rig.store.observe({ failed: (error) => failures.push(error) });
    await rig.grant('held');
    const waiter = watch(rig.wait(acquireRequest('held', { user: 'bob' })));
    await expect(rig.store.execute(nonsense)).rejects.toMatchObject({ code: 'store_unavailable' });
    await settleDown();
    expect(waiter).toMatchObject(UNAVAILABLE);
    expect(failures).toHaveLength(1);
    for (const outcome of askEverything(rig, 'later')) {
      await settleDown();
      expect(outcome).toMatchObject(UNAVAILABLE);
    }
  });

  test('a grant whose client has disconnected is not released by a state that is not trusted', async () => {
    const rig = await StoreRig.open();
    const lease = await rig.grant('a');
    const connection = new AbortController();
    const waiter = watch(rig.wait(acquireRequest('a', { user: 'bob' }), connection.signal));
    rig.journal.hold();
    const released = watch(rig.release(lease));
    await rig.journal.isHolding();
    connection.abort();
    await expect(rig.store.execute(nonsense)).rejects.toMatchObject({ code: 'store_unavailable' });
    const commits = rig.journal.batches.length;
    rig.journal.letGo();
    await rig.close();
    expect([waiter.status, released.status]).toEqual(['rejected', 'resolved']);
    await rig.start();
    expect(commits).toBe(2 + 1);
    expect((await rig.holding('a'))?.holder.userId).toBe('bob');
  });
});
