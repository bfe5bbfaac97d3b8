import { describe, expect, test } from 'vitest';
import type { AcquireRequest } from '../../src/core/model/command.js';
import { OctoStoreError } from '../../src/errors/octostore-error.js';
import { acquireRequest, lock } from '../support/law.js';
import { settleDown, StoreRig, watch } from '../support/store.js';

const FORBIDDEN = { status: 'rejected', reason: { code: 'forbidden' } };

/** Those who may no longer wait. */
function refusing(...users: string[]): (request: AcquireRequest) => OctoStoreError | null {
  return ({ holder }) => (users.includes(holder.userId) ? new OctoStoreError('forbidden') : null);
}

/** How many places the line of `a` has, including those that no one is asking for. */
const places = (rig: StoreRig): Promise<number> =>
  rig.store.read((state) => state.queue(lock('a'), 10).total);

describe('a request that may no longer wait', () => {
  test('is refused and leaves its line, and those behind it get the lock', async () => {
    const rig = await StoreRig.open();
    const lease = await rig.grant('a');
    const [bob, cid] = ['bob', 'cid'].map((user) => watch(rig.wait(acquireRequest('a', { user }))));
    rig.store.refuseWaiting(refusing('bob'));
    await settleDown();
    expect([bob, cid]).toMatchObject([FORBIDDEN, { status: 'pending' }]);
    expect(await places(rig)).toBe(1);
    await rig.release(lease);
    await settleDown();
    expect(cid).toMatchObject({ value: { kind: 'acquired' } });
  });

  test.each(['while its client asks', 'while its client is away'])('keeps no place %s', async (when) => {
    const rig = await StoreRig.open();
    await rig.grant('a');
    const connection = new AbortController();
    const bob = watch(rig.wait(acquireRequest('a', { user: 'bob', leaseId: 'of-bob' }), connection.signal));
    if (when === 'while its client is away') connection.abort();
    expect(await places(rig)).toBe(1);
    rig.store.refuseWaiting(refusing('bob'));
    await settleDown();
    expect(bob.status).not.toBe('pending');
    expect(await places(rig)).toBe(0);
  });

  test('is not granted because the one before it is refused at the same time', async () => {
    const rig = await StoreRig.open();
    await rig.grant('a', { mode: 'shared' });
    const bob = watch(rig.wait(acquireRequest('a', { user: 'bob' })));
    const cid = watch(rig.wait(acquireRequest('a', { user: 'cid', mode: 'shared' })));
    rig.store.refuseWaiting(refusing('bob', 'cid'));
    await settleDown();
    expect([bob, cid]).toMatchObject([FORBIDDEN, FORBIDDEN]);
    expect([rig.store.counts.leaseCount, await places(rig)]).toEqual([1, 0]);
  });
});

test('a store that has failed changes nothing more', async () => {
  const rig = await StoreRig.open();
  await rig.grant('a');
  void rig.wait(acquireRequest('a', { user: 'bob' })).catch(() => undefined);
  rig.store.admission.stop();
  rig.store.refuseWaiting(refusing('bob'));
  expect(rig.store.counts.waiterCount).toBe(1);
});
