import { describe, expect, test } from 'vitest';
import { SHARED, EXCLUSIVE } from '../../src/core/model/demand.js';
import { USUAL_TERMS } from '../../src/core/model/lease.js';
import { Law, type DemandWish } from '../support/law.js';

const EXCLUSIVELY: DemandWish = {};
const SHARING: DemandWish = { mode: 'shared' };
const COUNTED: DemandWish = { limit: 2 };

describe('which leases hold a lock together:', () => {
  test.each([
    ['exclusive', EXCLUSIVELY, 'exclusive', EXCLUSIVELY, 'conflict'],
    ['exclusive', EXCLUSIVELY, 'shared', SHARING, 'conflict'],
    ['exclusive', EXCLUSIVELY, 'counted', COUNTED, 'conflict'],
    ['shared', SHARING, 'exclusive', EXCLUSIVELY, 'conflict'],
    ['shared', SHARING, 'shared', SHARING, 'acquired'],
    ['shared', SHARING, 'counted', COUNTED, 'conflict'],
    ['counted', COUNTED, 'exclusive', EXCLUSIVELY, 'conflict'],
    ['counted', COUNTED, 'shared', SHARING, 'conflict'],
    ['counted', COUNTED, 'counted', COUNTED, 'acquired'],
  ])('%s, then %s', (_first, held, _second, asked, expected) => {
    const law = new Law();
    law.grant('a', held);
    expect(law.acquire('a', { ...asked, user: 'bob' }).kind).toBe(expected);
  });

  test('a free lock is granted in any mode, whatever it was held in before', () => {
    const law = new Law();
    for (const wish of [SHARING, COUNTED, EXCLUSIVELY, SHARING]) law.release(law.grant('a', wish));
    expect(law.acquire('a', { limit: 7 }).kind).toBe('acquired');
  });
});

describe('a lease says how it holds its lock', () => {
  test('exclusively, with the terms that almost all leases share', () => {
    expect(new Law().grant('a').terms).toEqual(USUAL_TERMS);
  });

  test('shared', () => {
    expect(new Law().grant('a', SHARING).terms).toEqual({ ...USUAL_TERMS, hold: SHARED });
  });

  test('with slots', () => {
    const { terms } = new Law().grant('a', { limit: 5, permits: 2 });
    expect(terms).toEqual({ ...USUAL_TERMS, hold: { mode: 'counted', limit: 5, slots: [0, 1] } });
  });

  test('and so does each of its events', () => {
    const law = new Law();
    const lease = law.grant('a', SHARING);
    law.renew(lease);
    law.release(lease);
    law.grant('b', { ttl: 1 });
    law.advance(1_001);
    law.sweep();
    expect(law.events.map(({ type, body }) => [type, body.hold, body.leaseLocks])).toEqual([
      ['acquired', SHARED, ['a']],
      ['renewed', SHARED, ['a']],
      ['released', SHARED, ['a']],
      ['acquired', EXCLUSIVE, ['b']],
      ['expired', EXCLUSIVE, ['b']],
    ]);
  });
});

describe('several holders of a shared lock', () => {
  test('each have a lease and a token of their own, and end on their own', () => {
    const law = new Law();
    const first = law.grant('a', { ...SHARING, user: 'ann' });
    const second = law.grant('a', { ...SHARING, user: 'bob', ttl: 10 });
    expect([first.fencingToken, second.fencingToken]).toEqual([1, 2]);
    law.release(first);
    expect(law.holding('a')).toEqual(second);
    law.advance(10_001);
    expect(law.holding('a')).toBeNull();
  });

  test('are not in the way of one another: the conflict names the one that was granted first', () => {
    const law = new Law();
    const first = law.grant('a', { ...SHARING, user: 'ann', ttl: 60 });
    law.grant('a', { ...SHARING, user: 'bob', ttl: 5 });
    expect(law.acquire('a', { user: 'cid' })).toEqual({
      kind: 'conflict',
      lockName: 'a',
      obstacle: { kind: 'held', lease: first },
      retryAfterMs: 60_000,
      place: null,
    });
  });

  test('count until they are ended, and the overdue ones are ended before a request is decided', () => {
    const law = new Law();
    law.grant('a', { ...SHARING, user: 'ann', ttl: 5 });
    law.grant('a', { ...SHARING, user: 'bob', ttl: 5 });
    law.advance(5_001);
    expect(law.acquire('a', { user: 'cid' }).kind).toBe('acquired');
    expect(law.events.map(({ type }) => type)).toEqual([
      'acquired',
      'acquired',
      'expired',
      'expired',
      'acquired',
    ]);
  });

  test('leave an overdue session as a whole', () => {
    const law = new Law();
    law.openSession('s', 'ann', 10);
    law.grant('a', { ...SHARING, session: 's' });
    law.grant('b', { ...SHARING, session: 's' });
    const other = law.grant('a', { ...SHARING, user: 'bob' });
    law.advance(10_001);
    expect(law.acquire('a', { ...SHARING, user: 'cid' }).kind).toBe('acquired');
    expect(law.holding('a')).toEqual(other);
    expect(law.state.leaseCount).toBe(2);
  });
});

test('each lease of a shared lock counts in its own user’s quota', () => {
  const law = new Law({ maxLocksPerUser: 1, maxLocks: 2 });
  law.grant('a', { ...SHARING, user: 'ann' });
  law.grant('a', { ...SHARING, user: 'bob' });
  expect(law.acquire('b', { user: 'ann' })).toEqual({ kind: 'lock_limit_exceeded', limit: 1 });
  expect(law.acquire('a', { ...SHARING, user: 'cid' })).toEqual({ kind: 'too_many_locks', limit: 2 });
});
