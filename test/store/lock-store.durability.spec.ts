import { describe, expect, test } from 'vitest';
import type { Lease } from '../../src/core/model/lease.js';
import { RowChanges } from '../../src/journal/row-changes.js';
import { sessionId, user } from '../support/law.js';
import { SAMPLES } from '../support/store-rows.js';
import { releaseOf, settleDown, StoreRig, watch } from '../support/store.js';

const openSession = (rig: StoreRig, name: string, ttlSeconds = 300) =>
  rig.store.execute({
    kind: 'open_session',
    sessionId: sessionId(name),
    userId: user('ann'),
    ttlSeconds,
    madeWith: null,
  });

const keepAlive = (rig: StoreRig, name: string) =>
  rig.store.execute({ kind: 'keep_session_alive', sessionId: sessionId(name), userId: user('ann') });

/** How long the lease has been held, in milliseconds. */
function age(rig: StoreRig, lease: Lease): Promise<number> {
  return rig.store.read((_, now) => now - (lease.deadline - lease.ttlSeconds * 1_000));
}

describe('an answer', () => {
  test('to each kind of command comes only when its change is durable', async () => {
    const rig = await StoreRig.open();
    const [held, other] = [await rig.grant('held'), await rig.grant('other')];
    await openSession(rig, 's');
    rig.journal.hold();
    const commands = [
      rig.grant('new'),
      rig.release(held),
      rig.renew(other),
      openSession(rig, 't'),
      keepAlive(rig, 's'),
      rig.store.write(new RowChanges().put('cursors', { reader: 'r', sequence: 1 })),
    ].map((promise) => watch<unknown>(promise));
    await rig.journal.isHolding();
    await settleDown();
    expect(commands.map(({ status }) => status)).toEqual(commands.map(() => 'pending'));
    rig.journal.letGo();
    await rig.holding('new');
    await settleDown();
    expect(commands.map(({ status }) => status)).toEqual(commands.map(() => 'resolved'));
  });

  test('that refuses waits for the commit that it depends on', async () => {
    const rig = await StoreRig.open();
    rig.journal.hold();
    void rig.grant('a', { user: 'ann' });
    const refusals = [
      rig.acquire('a', { user: 'bob' }),
      rig.acquire('a', { user: 'ann' }),
      rig.store.execute({ kind: 'close_session', sessionId: sessionId('none'), userId: user('ann') }),
    ].map((promise) => watch<unknown>(promise));
    await rig.journal.isHolding();
    await settleDown();
    expect(refusals.map(({ status }) => status)).toEqual(['pending', 'pending', 'pending']);
    rig.journal.letGo();
    await rig.holding('a');
    await settleDown();
    expect(refusals.map(({ value }) => value)).toEqual([
      'conflict',
      'already_held',
      { kind: 'session_not_found' },
    ]);
  });

  test('to a read waits until the state it shows is durable, and shows the state of its moment', async () => {
    const rig = await StoreRig.open();
    rig.journal.hold();
    const granted = rig.grant('a');
    const reading = watch(rig.holding('a'));
    const released = granted.then((lease) => rig.release(lease));
    await rig.journal.isHolding();
    await settleDown();
    expect(reading.status).toBe('pending');
    rig.journal.letGo();
    await released;
    expect(reading.value).toEqual(await granted);
  });

  test('to a read that depends only on the passing of time survives a reboot with the clock set back', async () => {
    const rig = await StoreRig.open();
    await rig.grant('a', { ttl: 2 });
    rig.clock.advance(2_001);
    expect(await rig.holding('a')).toBeNull();
    await rig.close();
    rig.clock.jumpWall(-86_400_000);
    rig.clock.reboot();
    await rig.start();
    expect(await rig.holding('a')).toBeNull();
  });

  test('to a read comes at once when everything is durable', async () => {
    const rig = await StoreRig.open();
    await rig.grant('a');
    rig.journal.hold();
    expect(await rig.holding('a')).not.toBeNull();
    expect(rig.journal.batches).toHaveLength(2);
  });
});

describe('after a restart', () => {
  test('leases, sessions, tokens and events are what they were', async () => {
    const rig = await StoreRig.open();
    await openSession(rig, 's');
    const inSession = await rig.grant('a', { session: 's', ttl: 200, leaseId: 'mine', metadata: '{"n":1}' });
    const plain = await rig.grant('b', { user: 'bob', ttl: 200 });
    await rig.release(await rig.grant('c'));
    const events = await rig.store.log.after(0, 100);
    await rig.restart(1_000);
    expect(await rig.holding('a')).toEqual(inSession);
    expect(await rig.holding('b')).toEqual(plain);
    expect(await rig.holding('c')).toBeNull();
    expect(await rig.store.log.after(0, 100)).toEqual(events);
    expect(events.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4]);
    expect(await rig.store.read((state) => [state.lastFencingToken, state.lastSequence])).toEqual([3, 4]);
    expect((await rig.grant('d')).fencingToken).toBe(4);
    expect((await keepAlive(rig, 's')).kind).toBe('session_kept_alive');
    expect((await rig.store.log.after(4, 100)).map(({ sequence }) => sequence)).toEqual([5]);
  });

  test('a lease id still means the same lease, and its holder can renew and release it', async () => {
    const rig = await StoreRig.open();
    const lease = await rig.grant('a', { leaseId: 'mine', ttl: 200 });
    await rig.restart();
    expect(await rig.acquire('a', { leaseId: 'mine' })).toBe('already_held');
    expect(await rig.acquire('a', { leaseId: 'other' })).toBe('conflict');
    expect(await rig.renew(lease, 100)).toBe('renewed');
    await rig.restart();
    expect(await rig.holding('a')).toMatchObject({ ttlSeconds: 100, leaseId: 'mine' });
    expect(await rig.release(lease)).toBe('released');
    await rig.restart();
    expect(await rig.holding('a')).toBeNull();
  });

  test('the epoch is newer', async () => {
    const rig = await StoreRig.open();
    const epochs = [rig.store.epoch];
    for (let times = 0; times < 3; times += 1) {
      await rig.restart();
      epochs.push(rig.store.epoch);
    }
    expect(epochs).toEqual([1, 2, 3, 4]);
  });

  test('an active lease gets its grace period, which the next restart respects', async () => {
    const rig = await StoreRig.open({ restartGraceSeconds: 10 });
    const lease = await rig.grant('a', { ttl: 60 });
    await rig.restart(59_000);
    const graced = { ...lease, deadline: lease.deadline - 1_000 + 10_000 };
    expect(await rig.holding('a')).toEqual(graced);
    // By now the deadline from before the first restart has passed.
    await rig.restart(5_000);
    const gracedAgain = { ...lease, deadline: graced.deadline + 5_000 };
    expect(await rig.holding('a')).toEqual(gracedAgain);
    rig.clock.advance(10_000);
    expect(await rig.holding('a')).toEqual(gracedAgain);
    rig.clock.advance(1);
    expect(await rig.holding('a')).toBeNull();
  });

  test('a lease that ended while the store was down is free at once, and the first sweep reports it', async () => {
    const rig = await StoreRig.open();
    await rig.grant('a', { ttl: 5 });
    await rig.restart(5_001);
    expect(await rig.holding('a')).toBeNull();
    await rig.store.sweep();
    expect((await rig.store.log.after(1, 10)).map(({ type }) => type)).toEqual(['expired']);
    await rig.restart();
    expect((await rig.store.log.after(1, 10)).map(({ type }) => type)).toEqual(['expired']);
  });

  test('a session is remembered as expired', async () => {
    const rig = await StoreRig.open();
    await openSession(rig, 's', 10);
    rig.clock.advance(10_001);
    await rig.store.sweep();
    await rig.restart(3_590_000);
    expect(await keepAlive(rig, 's')).toEqual({ kind: 'session_expired' });
    rig.clock.advance(10_001);
    await rig.store.sweep();
    await rig.restart();
    expect(await keepAlive(rig, 's')).toEqual({ kind: 'session_not_found' });
  });

  test('the wall clock may have been set to any time', async () => {
    const rig = await StoreRig.open();
    const lease = await rig.grant('a', { ttl: 60 });
    for (const jump of [86_400_000, -172_800_000, 86_400_000]) {
      rig.clock.jumpWall(jump);
      await rig.restart(1_000);
      expect(await rig.holding('a')).toEqual(lease);
      expect(rig.store.toWallMs(lease.deadline)).toBe(rig.clock.wallMs() + 60_000 - (await age(rig, lease)));
    }
  });

  test('of the machine, the time that it took counts', async () => {
    const rig = await StoreRig.open({ restartGraceSeconds: 0 });
    const [short, long] = [await rig.grant('short', { ttl: 30 }), await rig.grant('long', { ttl: 600 })];
    await rig.close();
    rig.clock.reboot(60_000);
    await rig.start();
    expect(await rig.holding('short')).toBeNull();
    expect(await rig.holding('long')).toEqual(long);
    expect(await rig.store.execute(releaseOf(short))).toEqual({ kind: 'lock_not_found' });
  });

  test.each([`'";--`, 'NUL \u0000 inside', '🦑 ünïcode', '', '\\u0000', '[1,{"a":null}]'])(
    'metadata is unchanged: %j',
    async (metadata) => {
      const rig = await StoreRig.open();
      await rig.grant('a', { metadata });
      await rig.restart();
      expect((await rig.holding('a'))?.metadata).toBe(metadata);
      expect((await rig.store.log.after(0, 1))[0]?.body.metadata).toBe(metadata);
    },
  );

  test('rows that the core does not know are unchanged', async () => {
    const rig = await StoreRig.open();
    const [github, local] = SAMPLES.users;
    await rig.store.write(new RowChanges().put('users', github).put('users', local));
    await rig.store.write(new RowChanges().remove('users', local.userId));
    await rig.restart();
    expect(await rig.journal.load('users')).toEqual([github]);
  });
});
