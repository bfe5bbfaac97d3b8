import { describe, expect, test } from 'vitest';
import type { LockEventType } from '../../src/core/model/event.js';
import { EXCLUSIVE, SHARED } from '../../src/core/model/demand.js';
import { holder, Law, queuedBehind } from '../support/law.js';

/** The events of a law as `type lock`. */
function eventsOf(law: Law): string[] {
  return law.events.map(({ type, subject }) => `${type} ${subject.lockName}`);
}

function each(type: LockEventType): string[] {
  return ['b', 'a', 'c'].map((name) => `${type} ${name}`);
}

describe('a lease of several locks', () => {
  test('is one lease with one token, and says how it holds each, in the order asked for', () => {
    const law = new Law();
    const wishes = ['b', { name: 'a', mode: 'shared' }, { name: 'c', limit: 4, permits: 2 }] as const;
    expect(law.acquire(wishes, { leaseId: 'mine', ttl: 30, metadata: 'm' })).toEqual({
      kind: 'acquired',
      lease: {
        leaseId: 'mine',
        lockName: 'b',
        holder: holder('ann'),
        fencingToken: 1,
        ttlSeconds: 30,
        deadline: law.now + 30_000,
        metadata: 'm',
        terms: {
          hold: EXCLUSIVE,
          others: [
            { lockName: 'a', hold: SHARED },
            { lockName: 'c', hold: { mode: 'counted', limit: 4, slots: [0, 1] } },
          ],
          lockDelaySeconds: 0,
          keptUntil: null,
        },
      },
    });
    expect(['a', 'b', 'c'].map((name) => law.holding(name)?.fencingToken)).toEqual([1, 1, 1]);
  });

  test('has an event for each lock, which names them all, but one change', () => {
    const law = new Law();
    const lease = law.grant(['b', { name: 'a', mode: 'shared' }, 'c']);
    law.renew(lease);
    law.release(lease);
    expect(eventsOf(law)).toEqual([...each('acquired'), ...each('renewed'), ...each('released')]);
    expect(law.events.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(law.events.slice(0, 3).map(({ body }) => [body.fencingToken, body.hold])).toEqual([
      [1, EXCLUSIVE],
      [1, SHARED],
      [1, EXCLUSIVE],
    ]);
    for (const { body } of law.events) expect(body.leaseLocks).toEqual(['b', 'a', 'c']);
    expect(law.changes.map(({ kind }) => kind)).toEqual(['lease_granted', 'lease_extended', 'lease_ended']);
  });

  test('ends as a whole when it expires, when its session is closed, and when any of its locks is asked for', () => {
    const law = new Law();
    law.grant(['b', 'a', 'c'], { ttl: 5 });
    law.advance(5_001);
    law.sweep();
    law.openSession('s');
    law.grant(['b', 'a', 'c'], { session: 's' });
    law.closeSession('s');
    law.grant(['b', 'a', 'c'], { ttl: 5 });
    law.advance(5_001);
    law.acquire('c', { user: 'bob' });
    expect(eventsOf(law)).toEqual([
      ...each('acquired'),
      ...each('expired'),
      ...each('acquired'),
      ...each('released'),
      ...each('acquired'),
      ...each('expired'),
      'acquired c',
    ]);
  });
});

describe('several locks are granted as a whole or not at all:', () => {
  test.each([0, 1, 2])('lock %i of three is held', (index) => {
    const law = new Law();
    const name = ['b', 'a', 'c'][index] ?? 'b';
    const lease = law.grant(name, { user: 'bob' });
    expect(law.acquire(['b', 'a', 'c'])).toEqual({
      kind: 'conflict',
      lockName: name,
      obstacle: { kind: 'held', lease },
      retryAfterMs: 60_000,
      place: null,
    });
    expect(law.changes).toHaveLength(1);
    expect(law.state.lastFencingToken).toBe(1);
  });

  test('the conflict is about the first, in the order asked for, that cannot be had', () => {
    const law = new Law();
    law.grant('a', { user: 'bob' });
    law.grant('c', { user: 'cid' });
    expect(law.acquire(['b', 'c', 'a'])).toMatchObject({ lockName: 'c' });
    expect(law.acquire(['a', 'c', 'b'])).toMatchObject({ lockName: 'a' });
  });

  test('the quota counts locks', () => {
    const law = new Law({ maxLocksPerUser: 4, maxLocks: 5 });
    law.grant(['a', 'b']);
    expect(law.acquire(['c', 'd', 'e'])).toEqual({ kind: 'lock_limit_exceeded', limit: 4 });
    expect(law.acquire(['c', 'd', 'e', 'f'], { user: 'bob' })).toEqual({ kind: 'too_many_locks', limit: 5 });
    expect(law.acquire(['c', 'd']).kind).toBe('acquired');
    expect(law.state.lockCount).toBe(4);
    expect(law.state.leaseCount).toBe(2);
  });
});

describe('several locks in line', () => {
  test('are granted at once when all can be had', () => {
    const law = new Law();
    const a = law.grant('a', { user: 'ann' });
    const b = law.grant('b', { user: 'ann' });
    const waiter = law.queue(['a', 'b'], { user: 'bob' });
    law.release(a);
    expect(law.answerTo(waiter)).toBeNull();
    expect(law.holding('a')).toBeNull();
    law.release(b);
    expect(law.grantedTo(waiter)).toMatchObject({ lockName: 'a', fencingToken: 3 });
    expect(law.holding('a')).toEqual(law.holding('b'));
  });

  test('have one arrival in all lines, so no one overtakes in any', () => {
    const law = new Law();
    const a = law.grant('a', { user: 'ann' });
    const both = law.queue(['b', 'a'], { user: 'bob', seconds: 20 });
    // b is free, but one who asks for it came earlier.
    expect(law.acquire('b', { user: 'cid' })).toEqual(queuedBehind('b', law.now + 20_000, 20_000));
    const late = law.queue('b', { user: 'cid' });
    law.release(a);
    expect([law.answerTo(both)?.kind, law.answerTo(late)]).toEqual(['acquired', null]);
  });

  test('asked for in opposite orders do not block each other', () => {
    const law = new Law();
    const a = law.grant('a', { user: 'ann' });
    const b = law.grant('b', { user: 'ann' });
    const first = law.queue(['a', 'b'], { user: 'bob' });
    const second = law.queue(['b', 'a'], { user: 'cid' });
    law.release(b);
    law.release(a);
    expect([law.answerTo(first)?.kind, law.answerTo(second)]).toEqual(['acquired', null]);
    law.release(law.grantedTo(first));
    expect(law.answerTo(second)?.kind).toBe('acquired');
  });

  test('that are granted let those go on who stood behind in the other lines', () => {
    const law = new Law();
    const a = law.grant('a', { user: 'ann' });
    law.grant('b', { user: 'ann', mode: 'shared' });
    const both = law.queue(['a', { name: 'b', mode: 'shared' }], { user: 'bob' });
    const behind = law.queue('b', { user: 'cid', mode: 'shared' });
    law.release(a);
    expect([law.answerTo(both)?.kind, law.answerTo(behind)?.kind]).toEqual(['acquired', 'acquired']);
  });

  test('that leave let all those go on who stood behind', () => {
    const law = new Law();
    law.grant('x', { user: 'ann' });
    const all = law.queue(['a', 'x', 'b'], { user: 'bob' });
    const behind = ['a', 'b'].map((name) => law.queue(name, { user: 'cid' }));
    law.leave(all);
    expect(behind.map((waiter) => law.answerTo(waiter)?.kind)).toEqual(['acquired', 'acquired']);
  });

  test('that are refused let them go on as well', () => {
    const law = new Law({ maxLocksPerUser: 2 });
    const a = law.grant('a', { user: 'ann' });
    const both = law.queue(['a', 'b'], { user: 'bob' });
    const behind = law.queue('b', { user: 'cid' });
    law.grant('z', { user: 'bob' });
    law.release(a);
    expect(law.answerTo(both)).toEqual({ kind: 'lock_limit_exceeded', limit: 2 });
    expect(law.answerTo(behind)?.kind).toBe('acquired');
  });

  test('count once for each lock in the limits of waiters', () => {
    const law = new Law({ maxWaitersPerUser: 2, maxWaiters: 3 });
    law.grant('a', { user: 'ann' });
    expect(law.ask(['a', 'b', 'c'], { user: 'bob' })).toEqual({
      kind: 'too_many_waiters',
      of: 'user',
      limit: 2,
    });
    law.queue(['a', 'b'], { user: 'bob' });
    expect(law.ask(['a', 'b'], { user: 'cid' })).toEqual({
      kind: 'too_many_waiters',
      of: 'all_users',
      limit: 3,
    });
    expect(law.ask('a', { user: 'cid' }).kind).toBe('queued');
    expect(law.state.placeCount).toBe(3);
    expect(law.state.waiterCount).toBe(2);
  });

  test('whose wait ends get a conflict about the first lock that they cannot have, with the place there', () => {
    const law = new Law();
    const b = law.grant('b', { user: 'ann', ttl: 600 });
    law.queue('b', { user: 'u1', seconds: 60 });
    const both = law.queue(['a', 'b'], { user: 'bob', seconds: 5 });
    law.advance(5_001);
    law.sweep();
    expect(law.answerTo(both)).toEqual({
      kind: 'conflict',
      lockName: 'b',
      obstacle: { kind: 'held', lease: b },
      retryAfterMs: 594_999,
      place: { position: 2, waiters: 1 },
    });
  });
});

describe('a lease of several locks is renewed and released', () => {
  test.each(['b', 'a', 'c'])('as a whole, by its lock %s', (name) => {
    const law = new Law();
    const lease = law.grant(['b', 'a', 'c'], { leaseId: 'mine' });
    const reference = { lockName: lease.lockName, leaseId: lease.leaseId, userId: lease.holder.userId };
    const named = {
      ...reference,
      lockName: law.events.find((e) => e.subject.lockName === name)?.subject.lockName ?? null,
    };
    expect(law.do({ kind: 'renew', ...named, ttlSeconds: 90 }).outcome).toEqual({
      kind: 'renewed',
      lease: { ...lease, ttlSeconds: 90, deadline: law.now + 90_000 },
      releaseRequest: null,
    });
    expect(law.do({ kind: 'release', ...named }).outcome).toEqual({ kind: 'released' });
    expect(eventsOf(law)).toEqual([...each('acquired'), ...each('renewed'), ...each('released')]);
    expect(['a', 'b', 'c'].map((lock) => law.holding(lock))).toEqual([null, null, null]);
  });

  test('by its id alone', () => {
    const law = new Law();
    law.grant(['b', 'a', 'c'], { leaseId: 'mine' });
    expect(law.renewById('mine').outcome.kind).toBe('renewed');
    expect(law.releaseById('mine').outcome).toEqual({ kind: 'released' });
    expect(law.releaseById('mine').outcome).toEqual({ kind: 'lock_not_found' });
  });

  test('by no one else', () => {
    const law = new Law();
    law.grant('a', { leaseId: 'mine' });
    expect(law.renewById('mine', 'bob').outcome).toEqual({ kind: 'lock_not_found' });
    expect(law.releaseById('mine', 'bob').outcome).toEqual({ kind: 'lock_not_found' });
    expect(law.releaseById('other').outcome).toEqual({ kind: 'lock_not_found' });
  });

  test('not by an id alone that the user has chosen twice', () => {
    const law = new Law();
    law.grant(['a', 'b'], { leaseId: 'mine' });
    const other = law.grant('c', { leaseId: 'mine', ttl: 10 });
    expect(law.renewById('mine').outcome).toEqual({ kind: 'ambiguous_lease_id' });
    expect(law.releaseById('mine').outcome).toEqual({ kind: 'ambiguous_lease_id' });
    expect(law.renew(other, 10).outcome.kind).toBe('renewed');
    // The overdue one does not count: it ends first.
    law.advance(10_001);
    expect(law.releaseById('mine').outcome).toEqual({ kind: 'released' });
    expect(eventsOf(law).slice(-3)).toEqual(['expired c', 'released a', 'released b']);
  });

  test('by no id whose lease is overdue', () => {
    const law = new Law();
    law.grant(['a', 'b'], { leaseId: 'mine', ttl: 10 });
    law.advance(10_001);
    expect(law.renewById('mine').outcome).toEqual({ kind: 'lock_not_found' });
    expect(eventsOf(law).slice(-2)).toEqual(['expired a', 'expired b']);
  });
});

describe('at the end of the sequences', () => {
  test('a grant needs two numbers for each of its locks, a renewal one', () => {
    const law = Law.before(5);
    expect(law.acquire(['a', 'b', 'c'])).toEqual({ kind: 'numbers_exhausted' });
    const lease = law.grant(['a', 'b']);
    expect(law.renew(lease).outcome).toEqual({ kind: 'numbers_exhausted' });
    expect(law.release(lease).outcome).toEqual({ kind: 'released' });
    expect(law.acquire('a')).toEqual({ kind: 'numbers_exhausted' });
  });
});
