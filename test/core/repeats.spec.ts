import { describe, expect, test } from 'vitest';
import { Law, type AcquireWish, type LocksWish } from '../support/law.js';

const MISMATCH = { kind: 'lease_mismatch' };

interface Case {
  readonly what: string;
  readonly locks: LocksWish;
  readonly wish: AcquireWish;
}

/** Differs from a counted request for `a` and a shared one for `b`, with lease id `mine` and session `s`. */
const DIFFERENT: readonly Case[] = [
  { what: 'fewer locks', locks: [{ name: 'a', limit: 3, permits: 2 }], wish: { session: 's' } },
  {
    what: 'more locks',
    locks: [{ name: 'a', limit: 3, permits: 2 }, { name: 'b', mode: 'shared' }, 'c'],
    wish: { session: 's' },
  },
  {
    what: 'another lock',
    locks: [
      { name: 'a', limit: 3, permits: 2 },
      { name: 'c', mode: 'shared' },
    ],
    wish: { session: 's' },
  },
  { what: 'another mode', locks: [{ name: 'a', limit: 3, permits: 2 }, 'b'], wish: { session: 's' } },
  {
    what: 'another limit',
    locks: [
      { name: 'a', limit: 4, permits: 2 },
      { name: 'b', mode: 'shared' },
    ],
    wish: { session: 's' },
  },
  {
    what: 'other permits',
    locks: [
      { name: 'a', limit: 3, permits: 1 },
      { name: 'b', mode: 'shared' },
    ],
    wish: { session: 's' },
  },
  {
    what: 'no session',
    locks: [
      { name: 'a', limit: 3, permits: 2 },
      { name: 'b', mode: 'shared' },
    ],
    wish: {},
  },
  {
    what: 'another session',
    locks: [
      { name: 'a', limit: 3, permits: 2 },
      { name: 'b', mode: 'shared' },
    ],
    wish: { session: 't' },
  },
];

const LOCKS: LocksWish = [
  { name: 'a', limit: 3, permits: 2 },
  { name: 'b', mode: 'shared' },
];
const SAME: LocksWish = [
  { name: 'b', mode: 'shared' },
  { name: 'a', limit: 3, permits: 2 },
];

function withSessions(): Law {
  const law = new Law();
  law.openSession('s');
  law.openSession('t');
  return law;
}

describe('with a lease id that the user holds one of the locks with', () => {
  test.each([
    ['in the same order', LOCKS],
    ['in another order', SAME],
  ])('the same locks %s are a repeat, whatever the ttl and the metadata', (_, locks) => {
    const law = withSessions();
    const lease = law.grant(LOCKS, { leaseId: 'mine', session: 's' });
    const repeat = { leaseId: 'mine', session: 's', ttl: 7, metadata: 'other' };
    expect(law.acquire(locks, repeat)).toEqual({ kind: 'already_held', lease });
    expect(law.ask(locks, repeat)).toEqual({ kind: 'already_held', lease });
  });

  test.each(DIFFERENT)('$what is a mismatch', ({ locks, wish }) => {
    const law = withSessions();
    law.grant(LOCKS, { leaseId: 'mine', session: 's' });
    expect(law.acquire(locks, { ...wish, leaseId: 'mine' })).toEqual(MISMATCH);
    expect(law.ask(locks, { ...wish, leaseId: 'mine' })).toEqual(MISMATCH);
    expect(law.state.waiterCount).toBe(0);
  });

  test('even if the locks could be had', () => {
    const law = new Law();
    law.grant('a', { leaseId: 'mine', mode: 'shared' });
    expect(law.acquire([{ name: 'a', mode: 'shared' }, 'b'], { leaseId: 'mine' })).toEqual(MISMATCH);
  });

  test('other locks are another lease', () => {
    const law = new Law();
    const first = law.grant('a', { leaseId: 'mine' });
    const second = law.grant('b', { leaseId: 'mine' });
    expect(second.fencingToken).toBeGreaterThan(first.fencingToken);
  });

  test('another user is no one that repeats', () => {
    const law = new Law();
    const lease = law.grant('a', { leaseId: 'mine' });
    expect(law.acquire('a', { leaseId: 'mine', user: 'bob' })).toMatchObject({
      obstacle: { kind: 'held', lease },
    });
  });

  test('an overdue lease is none', () => {
    const law = new Law();
    law.grant(['a', 'b'], { leaseId: 'mine', ttl: 5 });
    law.advance(5_001);
    expect(law.acquire('b', { leaseId: 'mine' }).kind).toBe('acquired');
  });
});

describe('with a lease id that the user waits for one of the locks with', () => {
  test.each(DIFFERENT)('$what is a mismatch', ({ locks, wish }) => {
    const law = withSessions();
    law.grant('b', { user: 'bob' });
    const waiter = law.queue(LOCKS, { leaseId: 'mine', session: 's' });
    expect(law.acquire(locks, { ...wish, leaseId: 'mine' })).toEqual(MISMATCH);
    expect(law.ask(locks, { ...wish, leaseId: 'mine' })).toEqual(MISMATCH);
    law.disconnect(waiter);
    expect(law.ask(locks, { ...wish, leaseId: 'mine' })).toEqual(MISMATCH);
    expect(law.answerTo(waiter)).toBeNull();
  });

  test('the same locks in another order are the same request', () => {
    const law = withSessions();
    const lease = law.grant('b', { user: 'bob' });
    const waiter = law.queue(LOCKS, { leaseId: 'mine', session: 's' });
    const again = law.queue(SAME, { leaseId: 'mine', session: 's' });
    expect(law.answerTo(waiter)).toMatchObject({
      kind: 'conflict',
      lockName: 'b',
      place: { position: 1, waiters: 1 },
    });
    law.release(lease);
    expect(law.grantedTo(again)).toMatchObject({ lockName: 'b' });
  });

  test('locks that it shares with no ticket are another request', () => {
    const law = new Law();
    law.grant('a', { user: 'bob' });
    law.queue('a', { leaseId: 'mine' });
    expect(law.acquire('b', { leaseId: 'mine' }).kind).toBe('acquired');
  });
});

describe('without a chosen lease id', () => {
  test('the same holder that asks for exactly what it has gets its lease again', () => {
    const law = withSessions();
    const lease = law.grant(LOCKS, { session: 's' });
    expect(law.acquire(SAME, { session: 's' })).toEqual({ kind: 'already_held', lease });
  });

  test('of several such leases it gets the one that was granted first', () => {
    const law = new Law();
    const first = law.grant('a', { leaseId: 'one', mode: 'shared' });
    law.grant('a', { leaseId: 'two', mode: 'shared' });
    expect(law.acquire('a', { mode: 'shared' })).toEqual({ kind: 'already_held', lease: first });
  });

  test.each([
    ['another mode', 'a', { mode: 'shared' }, 'conflict'],
    ['more locks', ['a', 'b'], {}, 'conflict'],
    ['another lock', 'b', {}, 'acquired'],
  ] as const)('%s is a new request', (_, locks, wish, expected) => {
    const law = new Law();
    law.grant('a');
    expect(law.acquire(locks, wish).kind).toBe(expected);
  });

  test('other permits are another lease of the same lock', () => {
    const law = new Law();
    law.grant('a', { limit: 4 });
    expect(law.acquire('a', { limit: 4, permits: 2 })).toMatchObject({
      kind: 'acquired',
      lease: { terms: { hold: { slots: [1, 2] } } },
    });
  });

  test('another session of the user shares a lock with a lease of its own', () => {
    const law = withSessions();
    const first = law.grant('a', { session: 's', mode: 'shared' });
    const second = law.grant('a', { session: 't', mode: 'shared' });
    expect(second.leaseId).not.toBe(first.leaseId);
    expect(law.acquire('a', { session: 't', mode: 'shared' })).toEqual({
      kind: 'already_held',
      lease: second,
    });
  });
});
