import { describe, expect, test } from 'vitest';
import { holdOn } from '../../src/core/model/lease.js';
import { Law, leaseId, lock, user } from '../support/law.js';

const MANY = 20;

/** Very many leases share the lock `b`. */
function shared(law: Law): void {
  for (let index = 0; index < MANY; index += 1) law.grant('b', { user: `u${index}`, mode: 'shared' });
}

describe('a lease among many of the same lock', () => {
  test('is found by its id, even if the lock is not its first one', () => {
    const law = new Law();
    shared(law);
    const lease = law.grant(['a', 'b'], { leaseId: 'mine', mode: 'shared' });
    const named = { userId: user('ann'), leaseId: leaseId('mine') };
    const renewed = law.do({ kind: 'renew', lockName: lock('b'), ttlSeconds: 90, ...named });
    expect(renewed.outcome).toMatchObject({ kind: 'renewed', lease: { fencingToken: lease.fencingToken } });
    law.do({ kind: 'release', lockName: lock('b'), ...named });
    expect([law.holding('a'), law.state.lock(lock('b'))?.holders.length]).toEqual([null, MANY]);
  });

  test('is not one of another lock with the same id', () => {
    const law = new Law();
    shared(law);
    const other = law.grant('c', { leaseId: 'mine' });
    expect(law.acquire('b', { leaseId: 'mine', mode: 'shared' })).toMatchObject({ kind: 'acquired' });
    const released = law.do({
      kind: 'release',
      lockName: lock('b'),
      userId: user('ann'),
      leaseId: leaseId('mine'),
    });
    expect(released.outcome.kind).toBe('released');
    expect(law.holding('c')).toBe(other);
    expect(law.release({ ...other, lockName: lock('b') }).outcome.kind).toBe('lock_not_found');
  });

  test('is not one of several other locks with the same id', () => {
    const law = new Law();
    shared(law);
    const other = law.grant(['c', 'd'], { leaseId: 'mine' });
    expect(law.release({ ...other, lockName: lock('b') }).outcome.kind).toBe('lock_not_found');
    expect(law.acquire('b', { leaseId: 'mine', mode: 'shared' }).kind).toBe('acquired');
  });

  test('is found by its holder, if the client chose no id', () => {
    const law = new Law();
    shared(law);
    const lease = law.grant('b', { mode: 'shared' });
    expect(law.acquire('b', { mode: 'shared' })).toEqual({ kind: 'already_held', lease });
    law.release(lease);
    expect(law.acquire('b', { mode: 'shared' }).kind).toBe('acquired');
  });
});

describe('a reader', () => {
  test('sees how many leases hold a lock, and the first of them', () => {
    const law = new Law();
    shared(law);
    const { holders, count, permitsInUse } = law.state.holders(lock('b'), law.now, 3);
    expect([count, permitsInUse]).toEqual([MANY, 0]);
    expect(holders.map(({ lease }) => lease.holder.userId)).toEqual(['u0', 'u1', 'u2']);
  });

  test('sees how many permits are in use', () => {
    const law = new Law();
    law.grant('pool', { limit: 9, permits: 4 });
    law.grant('pool', { user: 'bob', limit: 9, permits: 3 });
    expect(law.state.holders(lock('pool'), law.now, 9)).toMatchObject({ count: 2, permitsInUse: 7 });
  });

  test('sees the first places of a line, and how many there are', () => {
    const law = new Law();
    law.grant('a');
    for (const name of ['bob', 'cid', 'dan']) law.queue('a', { user: name });
    const { places, total, askingCount } = law.state.queue(lock('a'), 2);
    expect(places.map(({ holder, position }) => [holder.userId, position])).toEqual([
      ['bob', 1],
      ['cid', 2],
    ]);
    expect([total, askingCount]).toEqual([3, 3]);
  });
});

test('a lease does not say how it holds a lock that it does not hold', () => {
  const lease = new Law().grant('a');
  expect(() => holdOn(lease, lock('b'))).toThrow('does not hold "b"');
});
