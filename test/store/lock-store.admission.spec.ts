import { describe, expect, test } from 'vitest';
import { acquireRequest, lock, sessionId, user } from '../support/law.js';
import { settleDown, StoreRig, watch } from '../support/store.js';

describe('while the disk is slow', () => {
  test('new work is refused before work on existing leases, and all is served once the disk has caught up', async () => {
    const rig = await StoreRig.open({ maxPendingCommands: 3 });
    const lease = await rig.grant('held');
    rig.journal.hold();
    const accepted = ['a', 'b', 'c'].map((name) => watch(rig.grant(name)));
    await settleDown();
    expect(rig.store.admission.pending).toBe(3);
    await expect(rig.grant('d')).rejects.toMatchObject({ code: 'overloaded', retryAfterMs: 1_000 });
    await expect(openSession(rig)).rejects.toMatchObject({ code: 'overloaded' });
    const existing = Array.from({ length: 9 }, () => watch(rig.renew(lease)));
    await settleDown();
    await expect(rig.renew(lease)).rejects.toMatchObject({ code: 'overloaded' });
    rig.journal.letGo();
    await rig.holding('held');
    await settleDown();
    expect([...accepted, ...existing].map(({ status }) => status)).toEqual(
      Array.from({ length: 12 }, () => 'resolved'),
    );
    expect((await rig.grant('d')).fencingToken).toBe(5);
  });

  test('overdue leases still end, and their waiters are served', async () => {
    const rig = await StoreRig.open({ maxPendingCommands: 1 });
    const lease = await rig.grant('held', { ttl: 600 });
    await rig.grant('overdue', { ttl: 1 });
    const waiter = watch(rig.wait(acquireRequest('overdue', { user: 'bob' })));
    await settleDown();
    rig.journal.hold();
    const busy = Array.from({ length: 4 }, () => rig.renew(lease));
    await expect(rig.renew(lease)).rejects.toMatchObject({ code: 'overloaded' });
    rig.clock.advance(1_001);
    const sweep = rig.store.sweep();
    rig.journal.letGo();
    await Promise.all([sweep, ...busy]);
    await settleDown();
    expect(waiter).toMatchObject({ status: 'resolved', value: { kind: 'acquired' } });
  });

  test('a refusal because of overload decides nothing', async () => {
    const rig = await StoreRig.open({ maxPendingCommands: 1 });
    rig.journal.hold();
    const first = rig.grant('a');
    await expect(rig.grant('b')).rejects.toMatchObject({ code: 'overloaded' });
    rig.journal.letGo();
    await first;
    expect(await rig.holding('b')).toBeNull();
  });
});

describe('while the disk is nearly full', () => {
  test('nothing new is granted, and existing leases are renewed and released', async () => {
    const rig = await StoreRig.open();
    const lease = await rig.grant('a');
    rig.store.admission.setStorageLow(true);
    await expect(rig.grant('b')).rejects.toMatchObject({ code: 'storage_low' });
    await expect(rig.wait(acquireRequest('a', { user: 'bob' }))).rejects.toMatchObject({
      code: 'storage_low',
    });
    await expect(openSession(rig)).rejects.toMatchObject({ code: 'storage_low' });
    expect(await rig.renew(lease)).toBe('renewed');
    expect(await rig.release(lease)).toBe('released');
    rig.store.admission.setStorageLow(false);
    expect((await rig.grant('b')).lockName).toBe('b');
  });
});

describe('a drain', () => {
  test('refuses all waiters and keeps existing leases', async () => {
    const rig = await StoreRig.open();
    const lease = await rig.grant('a');
    const waiters = ['u1', 'u2'].map((name) => watch(rig.wait(acquireRequest('a', { user: name }))));
    rig.store.drain();
    await settleDown();
    for (const waiter of waiters) {
      expect(waiter).toMatchObject({
        status: 'rejected',
        reason: { code: 'shutting_down', retryAfterMs: 1_000 },
      });
    }
    expect(await rig.store.read((state) => state.queueLength(lock('a')))).toBe(0);
    expect(await rig.renew(lease)).toBe('renewed');
    expect(await rig.holding('a')).not.toBeNull();
    expect(await rig.release(lease)).toBe('released');
    expect(await rig.holding('a')).toBeNull();
  });

  test('lets no one acquire or wait', async () => {
    const rig = await StoreRig.open();
    await rig.grant('a');
    rig.store.drain();
    await expect(rig.grant('b')).rejects.toMatchObject({ code: 'shutting_down' });
    await expect(rig.wait(acquireRequest('a', { user: 'bob' }))).rejects.toMatchObject({
      code: 'shutting_down',
    });
    await expect(openSession(rig)).rejects.toMatchObject({ code: 'shutting_down' });
  });

  test('still gives a waiter its grant that is being committed', async () => {
    const rig = await StoreRig.open();
    const lease = await rig.grant('a');
    const waiter = watch(rig.wait(acquireRequest('a', { user: 'bob' })));
    rig.journal.hold();
    const released = rig.release(lease);
    await rig.journal.isHolding();
    rig.store.drain();
    rig.journal.letGo();
    await released;
    await settleDown();
    expect(waiter).toMatchObject({ status: 'resolved', value: { kind: 'acquired' } });
  });
});

describe('closing', () => {
  test('answers all pending requests, and keeps what it acknowledged', async () => {
    const rig = await StoreRig.open();
    await rig.grant('held');
    const waiter = watch(rig.wait(acquireRequest('held', { user: 'bob' })));
    const granted = Array.from({ length: 20 }, (_, index) => watch(rig.grant(`lock-${index}`)));
    await rig.close();
    expect(waiter).toMatchObject({ status: 'rejected', reason: { code: 'shutting_down' } });
    expect(granted.map(({ status }) => status)).toEqual(granted.map(() => 'resolved'));
    await rig.start();
    expect(await rig.store.read((state) => state.leaseCount)).toBe(21);
  });
});

function openSession(rig: StoreRig): Promise<unknown> {
  return rig.store.execute({
    kind: 'open_session',
    sessionId: sessionId('s'),
    userId: user('ann'),
    ttlSeconds: 60,
    madeWith: null,
  });
}
