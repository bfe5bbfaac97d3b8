import { describe, expect, test } from 'vitest';
import { FOR_GOOD } from '../../src/store/wait/queued-acquires.js';
import { acquireRequest, heldBy, lock } from '../support/law.js';
import { releaseOf, StoreRig } from '../support/store.js';

const CHOSEN = { user: 'bob', leaseId: 'of-bob' };

/** How many places the line of `a` has, including those that no one is asking for. */
const places = (rig: StoreRig): Promise<number> =>
  rig.store.read((state) => state.queue(lock('a'), 10).total);

describe.each([
  ['that chose its lease id and lost its connection', CHOSEN, undefined, true],
  ['that chose its lease id and may not come back', CHOSEN, FOR_GOOD, false],
  ['that cannot know its lease id', { user: 'bob' }, undefined, false],
])('a client %s', (_, wish, reason, isKept) => {
  test(`keeps its place if it waited: ${isKept}`, async () => {
    const rig = await StoreRig.open();
    await rig.grant('a');
    const connection = new AbortController();
    const bob = rig.wait(acquireRequest('a', wish), connection.signal);
    connection.abort(reason);
    expect(await bob).toEqual({ kind: 'abandoned' });
    expect(await places(rig)).toBe(isKept ? 1 : 0);
  });

  test(`gets its place back if its grant was on the way: ${isKept}`, async () => {
    const rig = await StoreRig.open();
    const lease = await rig.grant('a');
    const connection = new AbortController();
    const bob = rig.wait(acquireRequest('a', wish), connection.signal);
    rig.journal.hold();
    void rig.store.execute(releaseOf(lease));
    await rig.journal.isHolding();
    connection.abort(reason);
    rig.journal.letGo();
    expect(await bob).toEqual({ kind: 'abandoned' });
    expect(await rig.holding('a')).toBeNull();
    expect(await places(rig)).toBe(isKept ? 1 : 0);
  });
});

describe('a refusal that is on its way', () => {
  /** Bob's wait is over, and the answer waits for a commit. */
  async function refusal(): Promise<{ rig: StoreRig; connection: AbortController; bob: Promise<unknown> }> {
    const rig = await StoreRig.open();
    await rig.grant('a', { ttl: 600 });
    const connection = new AbortController();
    const bob = rig.store.acquire(acquireRequest('a', { user: 'bob' }), 30, connection.signal);
    rig.journal.hold();
    void rig.grant('b');
    await rig.journal.isHolding();
    rig.clock.advance(30_001);
    void rig.store.sweep();
    return { rig, connection, bob };
  }

  test('reaches a client that is there', async () => {
    const { rig, bob } = await refusal();
    rig.journal.letGo();
    const lease = await rig.holding('a');
    expect(lease && (await bob)).toEqual(lease && heldBy(lease, 569_999, { position: 1, waiters: 0 }));
  });

  test('is dropped if the client has gone', async () => {
    const { rig, connection, bob } = await refusal();
    connection.abort();
    rig.journal.letGo();
    expect(await bob).toEqual({ kind: 'abandoned' });
  });
});

test('a server that shuts down keeps no places', async () => {
  const rig = await StoreRig.open();
  await rig.grant('a');
  const bob = rig.wait(acquireRequest('a', CHOSEN));
  rig.store.drain();
  await expect(bob).rejects.toMatchObject({ code: 'shutting_down' });
  expect(await places(rig)).toBe(0);
});

describe('in a store that has failed', () => {
  test('a client that disconnects while it waits changes nothing', async () => {
    const rig = await StoreRig.open();
    await rig.grant('a');
    const connection = new AbortController();
    void rig.wait(acquireRequest('a', { user: 'bob' }), connection.signal).catch(() => undefined);
    rig.store.admission.stop();
    connection.abort();
    expect(rig.store.counts.waiterCount).toBe(1);
  });

  test('nor does one whose grant was on the way', async () => {
    const rig = await StoreRig.open();
    const lease = await rig.grant('a');
    const connection = new AbortController();
    const bob = rig.wait(acquireRequest('a', CHOSEN), connection.signal);
    rig.journal.hold();
    void rig.store.execute(releaseOf(lease));
    await rig.journal.isHolding();
    rig.store.admission.stop();
    connection.abort();
    rig.journal.letGo();
    expect(await bob).toEqual({ kind: 'abandoned' });
    expect(rig.store.counts.leaseCount).toBe(1);
  });
});
