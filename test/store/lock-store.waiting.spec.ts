import { getEventListeners } from 'node:events';
import { describe, expect, test } from 'vitest';
import type { Lease } from '../../src/core/model/lease.js';
import { acquireRequest, heldBy, lock } from '../support/law.js';
import { releaseOf, settleDown, StoreRig, watch, type Watched } from '../support/store.js';

const queueLength = (rig: StoreRig, name: string): Promise<number> =>
  rig.store.read((state) => state.queueLength(lock(name)));

describe('a waiting acquire', () => {
  test('is answered when the lock is released, with a lease that starts then', async () => {
    const rig = await StoreRig.open();
    const lease = await rig.grant('a');
    const waiter = rig.wait(acquireRequest('a', { user: 'bob', ttl: 20 }));
    rig.clock.advance(5_000);
    await rig.release(lease);
    const answer = await waiter;
    expect(answer).toMatchObject({ kind: 'acquired', lease: { holder: { userId: 'bob' } } });
    expect(await rig.holding('a')).toMatchObject({ deadline: lease.deadline - 60_000 + 5_000 + 20_000 });
  });

  test('is answered in turn, each once', async () => {
    const rig = await StoreRig.open();
    const first = await rig.grant('a');
    const order: string[] = [];
    const waiters = ['u1', 'u2', 'u3'].map(async (name) => {
      const answer = await rig.wait(acquireRequest('a', { user: name }));
      order.push(name);
      if (answer.kind === 'acquired') await rig.release(answer.lease);
    });
    expect(await queueLength(rig, 'a')).toBe(3);
    await rig.release(first);
    await Promise.all(waiters);
    expect(order).toEqual(['u1', 'u2', 'u3']);
    expect(await rig.holding('a')).toBeNull();
  });

  test('is not answered before its grant is durable', async () => {
    const rig = await StoreRig.open();
    const lease = await rig.grant('a');
    const waiter = watch(rig.wait(acquireRequest('a', { user: 'bob' })));
    rig.journal.hold();
    const released = watch(rig.release(lease));
    await rig.journal.isHolding();
    await settleDown();
    expect([waiter.status, released.status]).toEqual(['pending', 'pending']);
    rig.journal.letGo();
    expect((await rig.holding('a'))?.holder.userId).toBe('bob');
    await settleDown();
    expect(waiter).toMatchObject({ status: 'resolved', value: { kind: 'acquired' } });
  });

  test('gets the conflict when its wait time is over', async () => {
    const rig = await StoreRig.open();
    const lease = await rig.grant('a', { ttl: 600 });
    const waiter = rig.store.acquire(acquireRequest('a', { user: 'bob' }), 30);
    rig.clock.advance(30_001);
    await rig.store.sweep();
    expect(await waiter).toEqual(heldBy(lease, 569_999, { position: 1, waiters: 0 }));
    expect(await queueLength(rig, 'a')).toBe(0);
  });

  test('gets the lock when the lease expires', async () => {
    const rig = await StoreRig.open();
    await rig.grant('a', { ttl: 10 });
    const waiter = rig.wait(acquireRequest('a', { user: 'bob' }));
    rig.clock.advance(10_001);
    await rig.store.sweep();
    expect((await waiter).kind).toBe('acquired');
  });

  test('is refused when too many wait, while requests that need not wait are served', async () => {
    const rig = await StoreRig.open({ maxWaiters: 2 });
    const lease = await rig.grant('a');
    const first = watch(rig.wait(acquireRequest('a', { user: 'u1' })));
    const second = watch(rig.wait(acquireRequest('a', { user: 'u2' })));
    expect(await rig.wait(acquireRequest('a', { user: 'u3' }))).toEqual({
      kind: 'too_many_waiters',
      of: 'all_users',
      limit: 2,
    });
    expect((await rig.wait(acquireRequest('b', { user: 'u3' }))).kind).toBe('acquired');
    expect(await rig.acquire('a', { user: 'u3' })).toBe('conflict');
    await rig.release(lease);
    await settleDown();
    expect([first, second]).toMatchObject([{ value: { kind: 'acquired' } }, { status: 'pending' }]);
  });

  test('keeps its place when its client asks again, however many wait', async () => {
    const rig = await StoreRig.open({ maxWaiters: 1 });
    const lease = await rig.grant('a');
    const request = acquireRequest('a', { user: 'u1', leaseId: 'chosen' });
    const lost = watch(rig.wait(request));
    const again = watch(rig.wait(request));
    await settleDown();
    expect([lost, again]).toMatchObject([{ value: { kind: 'conflict' } }, { status: 'pending' }]);
    await rig.release(lease);
    await settleDown();
    expect(again).toMatchObject({ value: { kind: 'acquired' } });
  });
});

describe('a client that has disconnected', () => {
  test('before its request was read is granted nothing, whether the lock is held or free', async () => {
    const rig = await StoreRig.open();
    await rig.grant('held');
    const aborted = AbortSignal.abort();
    for (const name of ['held', 'free']) {
      expect(await rig.wait(acquireRequest(name, { user: 'bob' }), aborted)).toEqual({ kind: 'abandoned' });
      expect(await queueLength(rig, name)).toBe(0);
    }
    expect(await rig.holding('free')).toBeNull();
  });

  test('while it waited leaves the line at once, and the next waiter is served', async () => {
    const rig = await StoreRig.open();
    const lease = await rig.grant('a');
    const connection = new AbortController();
    const left = rig.wait(acquireRequest('a', { user: 'bob' }), connection.signal);
    const next = rig.wait(acquireRequest('a', { user: 'cid' }));
    connection.abort();
    expect(await left).toEqual({ kind: 'abandoned' });
    expect(await queueLength(rig, 'a')).toBe(1);
    await rig.release(lease);
    expect((await next).kind).toBe('acquired');
  });

  test('leaves no abort handler behind, and neither does a client that was served', async () => {
    const rig = await StoreRig.open();
    const lease = await rig.grant('a');
    const [served, left] = [new AbortController(), new AbortController()];
    const waiters = [served, left].map(({ signal }, index) =>
      rig.wait(acquireRequest('a', { user: `u${index}` }), signal),
    );
    expect(getEventListeners(served.signal, 'abort')).toHaveLength(1);
    left.abort();
    await rig.release(lease);
    await Promise.all(waiters);
    for (const { signal } of [served, left]) expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });

  test('after its answer changes nothing', async () => {
    const rig = await StoreRig.open();
    const lease = await rig.grant('a');
    const connection = new AbortController();
    const waiter = rig.wait(acquireRequest('a', { user: 'bob' }), connection.signal);
    await rig.release(lease);
    await waiter;
    connection.abort();
    await settleDown();
    expect((await rig.holding('a'))?.holder.userId).toBe('bob');
  });
});

/** Another user holds `a`, bob waits for it with a chosen lease id, and the grant is being committed. */
async function handOff(): Promise<{
  rig: StoreRig;
  connection: AbortController;
  bob: Watched<unknown>;
}> {
  const rig = await StoreRig.open();
  const lease: Lease = await rig.grant('a', { user: 'ann' });
  const connection = new AbortController();
  const bob = watch(rig.wait(acquireRequest('a', { user: 'bob', leaseId: 'of-bob' }), connection.signal));
  rig.journal.hold();
  void rig.store.execute(releaseOf(lease));
  await rig.journal.isHolding();
  return { rig, connection, bob };
}

describe('a client that disconnects while its grant is being committed', () => {
  test('has its lease released, and the next waiter gets the lock', async () => {
    const { rig, connection, bob } = await handOff();
    const next = rig.wait(acquireRequest('a', { user: 'cid' }));
    connection.abort();
    rig.journal.letGo();
    expect(await next).toMatchObject({ kind: 'acquired', lease: { holder: { userId: 'cid' } } });
    expect(bob).toMatchObject({ status: 'resolved', value: { kind: 'abandoned' } });
    const events = await rig.store.log.after(0, 10);
    expect(events.map(({ type, body }) => `${type} ${body.holder.userId}`)).toEqual([
      'acquired ann',
      'released ann',
      'acquired bob',
      'released bob',
      'acquired cid',
    ]);
  });

  test('keeps the lease if its next request has already received it', async () => {
    const { rig, connection } = await handOff();
    const retry = rig.wait(acquireRequest('a', { user: 'bob', leaseId: 'of-bob' }));
    connection.abort();
    rig.journal.letGo();
    expect(await retry).toMatchObject({ kind: 'already_held', lease: { leaseId: 'of-bob' } });
    await settleDown();
    expect(await rig.holding('a')).toMatchObject({ leaseId: 'of-bob' });
  });

  test('keeps the lease even if the next request comes right after the disconnect', async () => {
    const { rig, connection } = await handOff();
    connection.abort();
    const retry = rig.wait(acquireRequest('a', { user: 'bob', leaseId: 'of-bob' }));
    rig.journal.letGo();
    const answer = await retry;
    await settleDown();
    expect(['acquired', 'already_held']).toContain(answer.kind);
    expect(await rig.holding('a')).toMatchObject({ leaseId: 'of-bob' });
    expect(await rig.release((await rig.holding('a')) ?? never())).toBe('released');
  });

  test('keeps a lease that it has renewed on another connection', async () => {
    const { rig, connection } = await handOff();
    const { wants, leaseId, holder } = acquireRequest('a', { user: 'bob', leaseId: 'of-bob' });
    const { lockName } = wants[0];
    const command = { kind: 'renew', lockName, leaseId, userId: holder.userId, ttlSeconds: 90 } as const;
    const renewed = rig.store.execute(command);
    connection.abort();
    rig.journal.letGo();
    expect((await renewed).kind).toBe('renewed');
    await settleDown();
    expect(await rig.holding('a')).toMatchObject({ leaseId: 'of-bob', ttlSeconds: 90 });
  });

  test('keeps a lease that it has converted on another connection', async () => {
    const { rig, connection } = await handOff();
    const { wants, leaseId, holder } = acquireRequest('a', { user: 'bob', leaseId: 'of-bob' });
    const { lockName } = wants[0];
    const command = { kind: 'convert', lockName, leaseId, userId: holder.userId, mode: 'shared' } as const;
    const converted = rig.store.execute(command);
    connection.abort();
    rig.journal.letGo();
    expect((await converted).kind).toBe('converted');
    await settleDown();
    expect(await rig.holding('a')).toMatchObject({ leaseId: 'of-bob', terms: { hold: { mode: 'shared' } } });
  });

  test('has its lease released even when the server is fully busy', async () => {
    const rig = await StoreRig.open({ maxPendingCommands: 1 });
    const lease = await rig.grant('a', { user: 'ann' });
    const connection = new AbortController();
    const bob = rig.wait(acquireRequest('a', { user: 'bob' }), connection.signal);
    await settleDown();
    rig.journal.hold();
    const released = rig.release(lease);
    await rig.journal.isHolding();
    const busy = Array.from({ length: 3 }, (_, index) =>
      rig.store.execute({ ...releaseOf(lease), lockName: lock(`busy-${index}`) }),
    );
    connection.abort();
    rig.journal.letGo();
    await Promise.all([released, ...busy]);
    expect(await bob).toEqual({ kind: 'abandoned' });
    expect(await rig.holding('a')).toBeNull();
  });
});

describe('a client that asks again with its lease id while its first request still waits', () => {
  test('has one place in the line, and the first request is answered', async () => {
    const rig = await StoreRig.open();
    const lease = await rig.grant('a');
    const first = rig.wait(acquireRequest('a', { user: 'bob', leaseId: 'of-bob' }));
    const behind = rig.wait(acquireRequest('a', { user: 'cid' }));
    const second = rig.wait(acquireRequest('a', { user: 'bob', leaseId: 'of-bob' }));
    expect((await first).kind).toBe('conflict');
    expect(await queueLength(rig, 'a')).toBe(2);
    await rig.release(lease);
    const answer = await second;
    expect(answer).toMatchObject({ kind: 'acquired', lease: { leaseId: 'of-bob' } });
    if (answer.kind === 'acquired') await rig.release(answer.lease);
    expect((await behind).kind).toBe('acquired');
  });

  test('keeps its place when the first connection proves to be dead', async () => {
    const rig = await StoreRig.open();
    const lease = await rig.grant('a');
    const connection = new AbortController();
    const first = rig.wait(acquireRequest('a', { user: 'bob', leaseId: 'of-bob' }), connection.signal);
    const second = rig.wait(acquireRequest('a', { user: 'bob', leaseId: 'of-bob' }));
    connection.abort();
    await first;
    expect(await queueLength(rig, 'a')).toBe(1);
    await rig.release(lease);
    expect((await second).kind).toBe('acquired');
    expect(await rig.holding('a')).toMatchObject({ leaseId: 'of-bob' });
  });
});

function never(): never {
  throw new Error('no one holds the lock');
}
