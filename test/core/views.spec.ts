import { describe, expect, test } from 'vitest';
import type { ListPosition } from '../../src/core/state/state-view.js';
import { fencingToken, Law, lock, user } from '../support/law.js';

/** After all leases of a lock. */
const behind = (name: string | null): ListPosition | null =>
  name === null ? null : { lockName: lock(name), fencingToken: fencingToken(Number.MAX_SAFE_INTEGER) };

const names = (law: Law, prefix = '', after: string | null = null): string[] =>
  Array.from(law.state.heldLocks(prefix, behind(after), law.now), ({ lockName }) => lockName);

function lawWithLocks(): Law {
  const law = new Law();
  for (const name of ['b', 'a/2', 'a/10', 'c', 'a', 'ab', 'a-b']) law.grant(name);
  return law;
}

describe('the list of held locks', () => {
  test('is in name order, by code units', () => {
    const law = lawWithLocks();
    expect(names(law)).toEqual(['a', 'a-b', 'a/10', 'a/2', 'ab', 'b', 'c']);
  });

  test('begins with the lowest name that there can be', () => {
    const law = new Law();
    for (const name of ['a', 'S', '0', '-', 'Z']) law.grant(name);
    expect(names(law)).toEqual(['-', '0', 'S', 'Z', 'a']);
  });

  test('is narrowed by a prefix', () => {
    const law = lawWithLocks();
    expect(names(law, 'a/')).toEqual(['a/10', 'a/2']);
    expect(names(law, 'd')).toEqual([]);
  });

  test('continues after a name, even if it is no longer held', () => {
    const law = lawWithLocks();
    expect(names(law, '', 'a/2')).toEqual(['ab', 'b', 'c']);
    expect(names(law, '', 'a/11')).toEqual(['a/2', 'ab', 'b', 'c']);
    expect(names(law, 'a/', 'a/10')).toEqual(['a/2']);
    expect(names(law, 'a/', 'b')).toEqual([]);
    expect(names(law, 'b', 'a')).toEqual(['b']);
  });

  test('holds nothing that has expired, with no sweep', () => {
    const other = new Law();
    other.openSession('s', 'ann', 10);
    other.grant('session', { session: 's' });
    other.grant('short', { ttl: 5 });
    other.grant('long', { ttl: 60 });
    expect(names(other)).toEqual(['long', 'session', 'short']);
    other.advance(10_001);
    expect(names(other)).toEqual(['long']);
  });

  test('has a row for each lease of a lock, and for each lock of a lease, and continues between them', () => {
    const other = new Law();
    other.grant(['b', 'c'], { user: 'ann' });
    other.grant('a', { user: 'ann', mode: 'shared' });
    const second = other.grant('a', { user: 'bob', mode: 'shared' });
    expect(names(other)).toEqual(['a', 'a', 'b', 'c']);
    const { fencingToken } = second;
    const rest = other.state.heldLocks('', { lockName: lock('a'), fencingToken }, other.now);
    expect(Array.from(rest, ({ lockName }) => lockName)).toEqual(['b', 'c']);
  });

  test('holds a lock once, also when it changed hands', () => {
    const other = new Law();
    const lease = other.grant('a');
    other.queue('a', { user: 'bob' });
    other.release(lease);
    expect(names(other)).toEqual(['a']);
  });
});

function lawOfTwoUsers(): Law {
  const law = new Law();
  law.openSession('s', 'ann', 10);
  law.grant('b', { user: 'ann' });
  law.grant('a/2', { user: 'ann', session: 's' });
  law.grant('a/1', { user: 'bob' });
  law.grant('a/0', { user: 'ann', ttl: 5 });
  return law;
}

const own = (law: Law, prefix = '', after: string | null = null): string[] =>
  law.state.heldLocksOfUser(user('ann'), prefix, behind(after), law.now).map(({ lockName }) => lockName);

describe("the list of one user's locks", () => {
  test('is in name order and narrowed like that of all', () => {
    const law = lawOfTwoUsers();
    expect(own(law)).toEqual(['a/0', 'a/2', 'b']);
    expect(own(law, 'a/')).toEqual(['a/0', 'a/2']);
    expect(own(law, '', 'a/0')).toEqual(['a/2', 'b']);
    expect(law.state.heldLocksOfUser(user('cid'), '', null, law.now)).toEqual([]);
  });

  test('holds nothing that has expired, with no sweep', () => {
    const law = lawOfTwoUsers();
    law.advance(10_001);
    expect(own(law)).toEqual(['b']);
  });
});
