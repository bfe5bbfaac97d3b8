import { describe, expect, test } from 'vitest';
import { DurableRows } from '../../lab/kit/law/durable-rows.js';
import { recover } from '../../src/core/recovery.js';
import type { Instant } from '../../src/core/model/time.js';
import { delayedUntil, fencingToken, heldBy, Law, lock, sequence, user } from '../support/law.js';

/** When the lock becomes available, in milliseconds from now. Null if it is not delayed. */
function delayOf(law: Law, name = 'a'): number | null {
  const until = law.state.availableAt(lock(name), law.now);
  return until === null ? null : until - law.now;
}

describe('a lock with a delay', () => {
  test('is granted to no one for that long after its lease has expired, counted from the deadline', () => {
    const law = new Law();
    const { deadline } = law.grant('a', { ttl: 10, lockDelay: 5 });
    law.advance(12_000);
    const refused = delayedUntil('a', deadline + 5_000, 3_000);
    expect(law.acquire('a', { user: 'bob' })).toEqual(refused);
    expect(law.acquire('a')).toEqual(refused);
    law.advance(3_000);
    expect(law.acquire('a', { user: 'bob' }).kind).toBe('conflict');
    law.advance(1);
    expect(law.acquire('a', { user: 'bob' }).kind).toBe('acquired');
  });

  test('that is over before anyone notices that the lease has expired delays no one', () => {
    const law = new Law();
    law.grant('a', { ttl: 10, lockDelay: 5 });
    law.advance(15_000);
    expect(law.acquire('a', { user: 'bob' }).kind).toBe('acquired');
    expect(law.changes.map(({ kind }) => kind)).toEqual(['lease_granted', 'lease_ended', 'lease_granted']);
  });

  test('is delayed for a reader as soon as its lease is overdue, before a step ends the lease', () => {
    const law = new Law();
    law.openSession('s', 'ann', 10);
    law.grant('a', { ttl: 10, lockDelay: 5 });
    law.grant('b', { session: 's', ttl: 60, lockDelay: 5 });
    law.grant('c', { session: 's', ttl: 60 });
    law.advance(10_000);
    expect(['a', 'b', 'c'].map((name) => delayOf(law, name))).toEqual([null, null, null]);
    law.advance(1_000);
    expect(['a', 'b', 'c'].map((name) => delayOf(law, name))).toEqual([4_000, 4_000, null]);
    law.advance(4_001);
    expect(['a', 'b', 'c'].map((name) => delayOf(law, name))).toEqual([null, null, null]);
  });

  test('is delayed from the end of its session, if that ends the lease', () => {
    const law = new Law();
    const { deadline } = law.openSession('s', 'ann', 10);
    law.grant('a', { session: 's', ttl: 60, lockDelay: 20 });
    law.advance(15_000);
    law.sweep();
    expect(delayOf(law)).toBe(deadline + 20_000 - law.now);
  });

  test.each<[string, (law: Law) => void]>([
    ['released', (law) => law.releaseById('mine')],
    [
      'taken back',
      (law) => law.takeBack(law.state.leasesWithId(user('ann'), 'mine' as never, law.now)[0] as never),
    ],
  ])('is not delayed when the lease is %s', (_, end) => {
    const law = new Law();
    law.grant('a', { leaseId: 'mine', lockDelay: 20 });
    end(law);
    expect(delayOf(law)).toBeNull();
    expect(law.acquire('a', { user: 'bob' }).kind).toBe('acquired');
  });

  test('keeps its delay through renewals', () => {
    const law = new Law();
    const lease = law.grant('a', { ttl: 10, lockDelay: 5 });
    law.renew(lease, 10);
    law.advance(10_001);
    law.sweep();
    expect(delayOf(law)).toBe(4_999);
  });
});

describe('a lock with a minimum hold time', () => {
  test('is kept from everyone until then, although it has been released', () => {
    const law = new Law();
    const lease = law.grant('a', { ttl: 60, minHold: 30 });
    law.advance(10_000);
    expect(law.release(lease).outcome).toEqual({ kind: 'released' });
    expect(law.events.at(-1)?.type).toBe('released');
    expect(law.acquire('a')).toEqual(delayedUntil('a', law.now + 20_000, 20_000));
    law.advance(20_001);
    expect(law.acquire('a').kind).toBe('acquired');
  });

  test('is available at once if it was held for as long', () => {
    const law = new Law();
    const lease = law.grant('a', { ttl: 60, minHold: 30 });
    law.advance(30_000);
    law.release(lease);
    expect(law.acquire('a').kind).toBe('acquired');
  });

  test('is kept if its session is closed or expires, too', () => {
    const law = new Law();
    law.openSession('s', 'ann', 10);
    law.grant('a', { session: 's', ttl: 60, minHold: 30 });
    law.grant('b', { session: 's', ttl: 60, minHold: 5 });
    law.closeSession('s');
    expect([delayOf(law), delayOf(law, 'b')]).toEqual([30_000, 5_000]);
    law.openSession('t', 'ann', 10);
    law.grant('c', { session: 't', ttl: 60, minHold: 30, lockDelay: 25 });
    law.advance(10_001);
    law.sweep();
    expect(delayOf(law, 'c')).toBe(24_999);
  });

  test('is not kept if the client never learned that it had it', () => {
    const law = new Law();
    law.takeBack(law.grant('a', { leaseId: 'mine', minHold: 30, lockDelay: 30 }));
    expect(law.acquire('a', { user: 'bob' }).kind).toBe('acquired');
  });
});

describe('while a lock cools', () => {
  /** A lock that ann has held, and that cools for 20 s. */
  function cooling(options = {}): Law {
    const law = new Law(options);
    law.release(law.grant('a', { ttl: 60, minHold: 20 }));
    return law;
  }

  test('those in line wait, and the first gets it in the step in which the cooling ends', () => {
    const law = cooling();
    const first = law.queue('a', { user: 'bob', seconds: 60 });
    law.queue('a', { user: 'cid', seconds: 60 });
    law.advance(20_000);
    expect(law.sweep().settlements).toEqual([]);
    law.advance(1);
    expect(law.sweep().settlements.map(({ ticketId }) => ticketId)).toEqual([first]);
    expect(law.changes.slice(-2).map(({ kind }) => kind)).toEqual(['cooling_ended', 'lease_granted']);
  });

  test('a wait that ends is told when it is available, and its place', () => {
    const law = cooling();
    const until = law.now + 20_000;
    const waiter = law.queue('a', { user: 'bob', leaseId: 'bob', seconds: 5 });
    law.advance(5_001);
    law.sweep();
    const place = { position: 1, waiters: 0 };
    expect(law.settlements).toMatchObject([
      { ticketId: waiter, answer: delayedUntil('a', until, until - law.now, place) },
    ]);
  });

  test('a wait that ends at the same time as the cooling still gets it', () => {
    const law = cooling();
    law.queue('a', { user: 'bob', seconds: 20 });
    law.advance(20_001);
    law.sweep();
    expect(law.settlements[0]?.answer.kind).toBe('acquired');
  });

  test('a place that is asked for again waits on', () => {
    const law = cooling();
    const waiter = law.queue('a', { user: 'bob', leaseId: 'bob' });
    law.disconnect(waiter);
    expect(law.ask('a', { user: 'bob', leaseId: 'bob' }).kind).toBe('queued');
  });

  test('a request with another limit than the first in line is told so', () => {
    const law = cooling();
    law.queue('a', { user: 'bob', limit: 3 });
    expect(law.acquire('a', { user: 'cid', limit: 4 })).toMatchObject({
      obstacle: { kind: 'limit_mismatch', limit: 3, by: { kind: 'delayed' } },
    });
  });

  test('one that gives its place up is told about the line without it, like one whose wait is over', () => {
    for (const leave of [
      (law: Law) => law.giveUp('a', 'bob', 'bob'),
      (law: Law) => (law.advance(5_001), law.sweep()),
    ]) {
      const law = cooling();
      law.queue('a', { user: 'bob', leaseId: 'bob', limit: 3, seconds: 5 });
      law.queue('a', { user: 'cid', limit: 4 });
      leave(law);
      expect(law.settlements).toMatchObject([
        { answer: { obstacle: { kind: 'limit_mismatch', limit: 4, by: { kind: 'delayed' } } } },
      ]);
    }
  });

  test('it is not held, and is in no list', () => {
    const law = cooling();
    expect(law.holding('a')).toBeNull();
    expect(law.state.holders(lock('a'), law.now, 10).count).toBe(0);
    expect([...law.state.heldLocks('', null, law.now)]).toEqual([]);
    expect(law.state.lockCount).toBe(0);
    expect(law.state.coolingCount).toBe(1);
  });

  test('it counts in the quota of its last holder, and no longer once it is over', () => {
    const law = cooling({ maxLocksPerUser: 1 });
    expect(law.acquire('b')).toEqual({ kind: 'lock_limit_exceeded', limit: 1 });
    expect(law.acquire('b', { user: 'bob' }).kind).toBe('acquired');
    law.advance(20_001);
    expect(law.acquire('c').kind).toBe('acquired');
  });

  test('it counts for itself, whether or not another one that is over has been ended', () => {
    const law = new Law({ maxLocksPerUser: 2 });
    law.grant('a', { ttl: 10, lockDelay: 60 });
    law.grant('b', { ttl: 10, lockDelay: 5 });
    law.advance(10_001);
    law.sweep();
    law.advance(5_000);
    expect(law.acquire('c').kind).toBe('acquired');
    expect(law.acquire('d')).toEqual({ kind: 'lock_limit_exceeded', limit: 2 });
  });

  test('it counts among all locks until it has been ended', () => {
    const law = cooling({ maxLocks: 1 });
    expect(law.acquire('b', { user: 'bob' })).toEqual({ kind: 'too_many_locks', limit: 1 });
    law.advance(20_001);
    law.sweep();
    expect(law.acquire('b', { user: 'bob' }).kind).toBe('acquired');
  });

  test('nothing of it is left at the end', () => {
    const law = cooling();
    law.advance(20_001);
    law.sweep();
    expect(law.state.lock(lock('a'))).toBeNull();
    expect(law.state.coolingCount).toBe(0);
    expect(law.state.lockCountOf(user('ann'))).toBe(0);
    expect(law.state.earliestDue()).toBeUndefined();
  });
});

describe('a lease of several locks', () => {
  test('lets each of them cool', () => {
    const law = new Law();
    const lease = law.grant(['a', 'b'], { minHold: 20 });
    law.release(lease);
    expect([delayOf(law), delayOf(law, 'b')]).toEqual([20_000, 20_000]);
    expect(law.state.lockCountOf(user('ann'))).toBe(2);
  });

  test('that shares one of them by now does not keep that one from others', () => {
    const law = new Law();
    const lease = law.converted(law.grant(['a', 'b'], { minHold: 20 }), 'shared', lock('b'));
    const other = law.grant('b', { user: 'bob', mode: 'shared' });
    law.release(lease);
    expect([delayOf(law), delayOf(law, 'b')]).toEqual([20_000, null]);
    expect(law.acquire('b', { user: 'cid' })).toEqual(heldBy(other, 60_000));
  });
});

describe('after a restart', () => {
  /** The law as a restart finds it. */
  function restarted(law: Law): Law {
    const rows = new DurableRows();
    for (const change of law.changes) rows.write(change);
    const { state } = recover(rows.load(law.state.lastFencingToken, law.state.lastSequence), law.now, 10);
    const next = new Law({}, state);
    next.now = law.now;
    return next;
  }

  test('a lock cools on, until the same instant', () => {
    const law = new Law();
    law.release(law.grant('a', { ttl: 60, minHold: 20 }));
    const after = restarted(law);
    expect(delayOf(after)).toBe(20_000);
    expect(after.acquire('a', { user: 'bob' }).kind).toBe('conflict');
    expect(after.state.lockCountOf(user('ann'))).toBe(1);
    after.advance(20_001);
    expect(after.acquire('a', { user: 'bob' }).kind).toBe('acquired');
  });

  test('a lease keeps its terms', () => {
    const law = new Law();
    law.grant('a', { ttl: 60, minHold: 40, lockDelay: 50 });
    const after = restarted(law);
    after.advance(60_001);
    after.sweep();
    expect(delayOf(after)).toBe(49_999);
  });

  const numbers = { lastFencingToken: fencingToken(9), lastSequence: sequence(9) };
  const cooling = { lockName: lock('a'), userId: user('ann'), fencingToken: fencingToken(1) };
  const empty = { leases: [], sessions: [], brokenLeases: [], fences: [], ...numbers };

  test('no lock cools for longer than an hour, even if the stored time is further away', () => {
    const law = new Law();
    const until = (law.now + 3_600_001) as Instant;
    const { state } = recover({ ...empty, coolings: [{ ...cooling, until }] }, law.now, 10);
    expect(state.availableAt(lock('a'), law.now)).toBe(law.now + 3_600_000);
  });

  test('a lock that is held and cools is refused, since no one could tell which of the two is true', () => {
    const law = new Law();
    const leases = [law.grant('a')];
    const durable = { ...empty, leases, coolings: [{ ...cooling, until: law.now }] };
    expect(() => recover(durable, law.now, 10)).toThrow(
      'the journal has a lease of the lock "a", which no one may hold yet',
    );
  });
});
