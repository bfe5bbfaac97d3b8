import { describe, expect, test } from 'vitest';
import { USUAL_TERMS } from '../../src/core/model/lease.js';
import type { Holding } from '../../src/core/state/state-view.js';
import { fencingToken, Law, leaseId, lock, user } from '../support/law.js';

const shown = ({ lockName, lease }: Holding): string => `${lockName} ${lease.fencingToken}`;

/** Three leases: 1 holds `a` and `c`, 2 and 3 share `b`. */
function held(): Law {
  const law = new Law();
  law.grant(['a', 'c'], { leaseId: 'one' });
  law.grant('b', { user: 'ann', mode: 'shared', leaseId: 'two' });
  law.grant('b', { user: 'bob', mode: 'shared' });
  return law;
}

describe('a list', () => {
  test('has each lock of each lease, by name and then by token', () => {
    const law = held();
    expect([...law.state.heldLocks('', null, law.now)].map(shown)).toEqual(['a 1', 'b 2', 'b 3', 'c 1']);
    expect(law.state.heldLocksOfUser(user('ann'), '', null, law.now).map(shown)).toEqual([
      'a 1',
      'b 2',
      'c 1',
    ]);
  });

  test.each([
    [{ name: 'a', token: 1 }, ['b 2', 'b 3', 'c 1']],
    [{ name: 'b', token: 1 }, ['b 2', 'b 3', 'c 1']],
    [{ name: 'b', token: 2 }, ['b 3', 'c 1']],
    [{ name: 'b', token: 3 }, ['c 1']],
    [{ name: 'c', token: 0 }, ['c 1']],
    [{ name: 'c', token: 1 }, []],
  ])('continues after %o', ({ name, token }, rest) => {
    const law = held();
    const after = { lockName: lock(name), fencingToken: fencingToken(token) };
    expect([...law.state.heldLocks('', after, law.now)].map(shown)).toEqual(rest);
    const own = rest.filter((row) => row !== 'b 3');
    expect(law.state.heldLocksOfUser(user('ann'), '', after, law.now).map(shown)).toEqual(own);
  });

  test('of the leases with an id has those that are alive', () => {
    const law = new Law();
    law.grant('a', { leaseId: 'same', ttl: 1 });
    const other = law.grant('b', { leaseId: 'same', ttl: 60 });
    const withId = (): unknown => law.state.leasesWithId(user('ann'), leaseId('same'), law.now);
    expect(withId()).toHaveLength(2);
    law.advance(1_001);
    expect(withId()).toEqual([other]);
    law.release(other);
    expect(law.state.leasesWithId(user('bob'), leaseId('same'), law.now)).toEqual([]);
  });
});

test('a lease is found by its id and a lock that it holds, while it is alive', () => {
  const law = held();
  const on = (name: string, id: string): unknown =>
    law.state.leaseOn(lock(name), user('ann'), leaseId(id), law.now)?.fencingToken ?? null;
  expect([on('a', 'one'), on('c', 'one'), on('b', 'two')]).toEqual([1, 1, 2]);
  expect([on('b', 'one'), on('a', 'two'), on('d', 'one')]).toEqual([null, null, null]);
  law.advance(60_001);
  expect(on('a', 'one')).toBeNull();
});

describe('memory', () => {
  test('is shared by the terms of usual leases, and by users without a session', () => {
    const law = new Law();
    const [first, second] = [law.grant('a'), law.grant('b')];
    expect(first.terms).toBe(USUAL_TERMS);
    expect(second.terms).toBe(USUAL_TERMS);
    expect(law.grant('c').holder).toBe(second.holder);
  });
});
