import { describe, expect, test } from 'vitest';
import type { TicketId } from '../../src/core/model/ids.js';
import { acquireRequest, heldBy, Law, lock, user, type AcquireWish } from '../support/law.js';

describe('a queued request', () => {
  test('changes nothing and is counted', () => {
    const law = new Law();
    law.grant('a');
    law.queue('a', { user: 'bob' });
    law.queue('a', { user: 'cid' });
    expect(law.changes).toHaveLength(1);
    expect(law.state.queueLength(lock('a'))).toBe(2);
    expect(law.state.queueLength(lock('b'))).toBe(0);
    expect(law.state.waiterCount).toBe(2);
  });

  test('is granted in the same step as the release, with its own ttl from then on', () => {
    const law = new Law();
    const lease = law.grant('a');
    const waiter = law.queue('a', { user: 'bob', ttl: 25, metadata: 'mine' });
    law.advance(3_000);
    const { changes, events } = law.release(lease);
    expect(law.answerTo(waiter)).toMatchObject({
      kind: 'acquired',
      lease: { deadline: law.now + 25_000, metadata: 'mine', fencingToken: 2 },
    });
    expect(changes.map(({ kind }) => kind)).toEqual(['lease_ended', 'lease_granted']);
    expect(events.map(({ type }) => type)).toEqual(['released', 'acquired']);
    expect(law.state.waiterCount).toBe(0);
  });

  test('is not made to wait when the lock is free', () => {
    const law = new Law();
    const wait = { ticketId: law.nextWaiter(), seconds: 30 };
    const { outcome } = law.do({ kind: 'acquire', request: acquireRequest('a'), wait });
    expect(outcome.kind).toBe('acquired');
  });

  test('is not made to wait for a lease that its holder already has', () => {
    const law = new Law();
    law.grant('a', { leaseId: 'mine' });
    const wait = { ticketId: law.nextWaiter(), seconds: 30 };
    const request = acquireRequest('a', { leaseId: 'mine' });
    expect(law.do({ kind: 'acquire', request, wait }).outcome.kind).toBe('already_held');
  });
});

describe('first come, first served:', () => {
  test('each ending serves exactly the one who came first', () => {
    const law = new Law();
    law.grant('a', { user: 'u0' });
    const waiters = ['u1', 'u2', 'u3', 'u4'].map((name) => law.queue('a', { user: name }));
    for (const [index, waiter] of waiters.entries()) {
      const held = law.holding('a');
      if (held === null) throw new Error('no one holds the lock');
      law.release(held);
      expect(law.holding('a')?.holder.userId).toBe(`u${index + 1}`);
      expect(law.answerTo(waiter)?.kind).toBe('acquired');
      expect(law.settlements).toHaveLength(index + 1);
    }
  });

  test('a newcomer never passes a waiter when the lease is overdue', () => {
    const law = new Law();
    law.grant('a', { user: 'ann', ttl: 10 });
    const waiter = law.queue('a', { user: 'bob' });
    law.advance(10_001);
    expect(law.acquire('a', { user: 'cid' })).toMatchObject({
      kind: 'conflict',
      obstacle: { kind: 'held', lease: { holder: { userId: 'bob' } } },
    });
    expect(law.answerTo(waiter)?.kind).toBe('acquired');
  });

  test('a newcomer never passes a waiter when the session of the lease is overdue', () => {
    const law = new Law();
    law.openSession('s', 'ann', 10);
    law.grant('a', { user: 'ann', session: 's', ttl: 60 });
    const waiter = law.queue('a', { user: 'bob' });
    law.advance(10_001);
    expect(law.acquire('a', { user: 'cid' }).kind).toBe('conflict');
    expect(law.answerTo(waiter)?.kind).toBe('acquired');
  });

  test('the former holder that comes back stands behind those who wait', () => {
    const law = new Law();
    law.grant('a', { user: 'ann', ttl: 10 });
    const first = law.queue('a', { user: 'bob' });
    law.advance(10_001);
    const second = law.queue('a', { user: 'ann' });
    expect(law.answerTo(first)?.kind).toBe('acquired');
    expect(law.answerTo(second)).toBeNull();
  });

  test('the queues of different locks have nothing to do with one another', () => {
    const law = new Law();
    law.grant('a');
    const leaseOfB = law.grant('b');
    const atA = law.queue('a', { user: 'bob' });
    const atB = law.queue('b', { user: 'bob' });
    law.release(leaseOfB);
    expect(law.answerTo(atA)).toBeNull();
    expect(law.answerTo(atB)?.kind).toBe('acquired');
  });
});

describe('a waiter that left', () => {
  test.each([0, 1, 2])('is never granted anything, whatever its place was (%i)', (place) => {
    const law = new Law();
    let lease = law.grant('a', { user: 'u' });
    const waiters = [0, 1, 2].map((index) => law.queue('a', { user: `u${index}` }));
    const [left] = waiters.splice(place, 1);
    if (left === undefined) throw new Error('no such place');
    expect(law.leave(left).outcome).toEqual({ kind: 'left' });
    expect(law.state.queueLength(lock('a'))).toBe(2);
    for (const waiter of waiters) {
      law.release(lease);
      const answer = law.answerTo(waiter);
      if (answer?.kind !== 'acquired') throw new Error('not granted in turn');
      lease = answer.lease;
    }
    law.release(lease);
    expect(law.answerTo(left)).toBeNull();
    expect(law.holding('a')).toBeNull();
  });

  test('cannot leave twice, nor after its answer', () => {
    const law = new Law();
    const lease = law.grant('a');
    const gone = law.queue('a', { user: 'bob' });
    const served = law.queue('a', { user: 'cid' });
    law.leave(gone);
    expect(law.leave(gone).outcome).toEqual({ kind: 'not_queued' });
    law.release(lease);
    expect(law.leave(served).outcome).toEqual({ kind: 'not_queued' });
    expect(law.holding('a')?.holder.userId).toBe('cid');
  });
});

describe('a waiter whose time is up', () => {
  test('gets the conflict with the holder at that time, the instant after its deadline', () => {
    const law = new Law();
    const lease = law.grant('a', { ttl: 60 });
    const waiter = law.queue('a', { user: 'bob', seconds: 5 });
    law.advance(5_000);
    law.sweep();
    expect(law.answerTo(waiter)).toBeNull();
    law.advance(1);
    const { changes, events } = law.sweep();
    expect(law.answerTo(waiter)).toEqual(heldBy(lease, 54_999, { position: 1, waiters: 0 }));
    expect([...changes, ...events]).toEqual([]);
    expect(law.state.queueLength(lock('a'))).toBe(0);
  });

  test('does not get the lock later', () => {
    const law = new Law();
    const lease = law.grant('a', { ttl: 60 });
    law.queue('a', { user: 'bob', seconds: 5 });
    const patient = law.queue('a', { user: 'cid', seconds: 30 });
    law.advance(5_001);
    law.sweep();
    law.release(lease);
    expect(law.answerTo(patient)?.kind).toBe('acquired');
  });

  test('still gets the lock, in turn, if that came free meanwhile and the sweep is late', () => {
    const law = new Law();
    law.grant('a', { ttl: 10 });
    const first = law.queue('a', { user: 'bob', seconds: 30 });
    const second = law.queue('a', { user: 'cid', seconds: 5 });
    law.advance(10_001);
    law.sweep();
    expect(law.answerTo(first)?.kind).toBe('acquired');
    expect(law.answerTo(second)).toMatchObject({
      kind: 'conflict',
      obstacle: { kind: 'held', lease: { holder: { userId: 'bob' } } },
    });
  });
});

describe('a retry with the same lease id', () => {
  test('takes over the place in the queue of the request before it', () => {
    const law = new Law();
    const lease = law.grant('a');
    const lost = law.queue('a', { user: 'bob', leaseId: 'mine' });
    const behind = law.queue('a', { user: 'cid' });
    law.advance(1_000);
    const retry = law.queue('a', { user: 'bob', leaseId: 'mine', ttl: 7 });
    expect(law.answerTo(lost)).toEqual(heldBy(lease, 59_000, { position: 1, waiters: 2 }));
    expect(law.state.queueLength(lock('a'))).toBe(2);
    law.release(lease);
    expect(law.answerTo(retry)).toMatchObject({
      kind: 'acquired',
      lease: { leaseId: 'mine', ttlSeconds: 7 },
    });
    expect(law.answerTo(behind)).toBeNull();
  });

  test('has its own time to wait', () => {
    const law = new Law();
    law.grant('a');
    law.queue('a', { user: 'bob', leaseId: 'mine', seconds: 5 });
    law.advance(4_000);
    const retry = law.queue('a', { user: 'bob', leaseId: 'mine', seconds: 5 });
    law.advance(5_000);
    law.sweep();
    expect(law.answerTo(retry)).toBeNull();
    law.advance(1);
    law.sweep();
    expect(law.answerTo(retry)?.kind).toBe('conflict');
  });

  test.each([0, 1, 2])('keeps the queue whole, whatever the place was (%i)', (place) => {
    const law = new Law();
    const first = law.grant('a', { user: 'u' });
    const waiters = [0, 1, 2].map((index) => law.queue('a', { user: `u${index}`, leaseId: `l${index}` }));
    waiters[place] = law.queue('a', { user: `u${place}`, leaseId: `l${place}` });
    let lease = first;
    for (const waiter of waiters) {
      law.release(lease);
      const answer = law.answerTo(waiter);
      if (answer?.kind !== 'acquired') throw new Error('not granted in turn');
      lease = answer.lease;
    }
    expect(law.state.queueLength(lock('a'))).toBe(0);
  });

  test('finds the lease if that was granted to the first request', () => {
    const law = new Law();
    const lease = law.grant('a');
    const lost = law.queue('a', { user: 'bob', leaseId: 'mine' });
    law.release(lease);
    const answer = law.answerTo(lost);
    expect(answer?.kind).toBe('acquired');
    expect(law.acquire('a', { user: 'bob', leaseId: 'mine' })).toEqual({ ...answer, kind: 'already_held' });
  });

  const strangers = [
    { who: 'another user', wish: { user: 'cid', leaseId: 'mine' } },
    { who: 'another lease id', wish: { user: 'bob', leaseId: 'other' } },
    { who: 'no lease id', wish: { user: 'bob' } },
  ];
  test.each(strangers)('and $who is no such retry', ({ wish }) => {
    const law = new Law();
    law.grant('a');
    const first = law.queue('a', { user: 'bob', leaseId: 'mine' });
    law.queue('a', wish);
    expect(law.answerTo(first)).toBeNull();
    expect(law.state.queueLength(lock('a'))).toBe(2);
  });

  test.each([null, 't'])(
    'and the same lease id in another session (%s) asks for something else',
    (session) => {
      const law = new Law();
      law.openSession('s', 'bob');
      law.openSession('t', 'bob');
      law.grant('a');
      const first = law.queue('a', { user: 'bob', session: 's', leaseId: 'mine' });
      expect(law.ask('a', { user: 'bob', session, leaseId: 'mine' })).toEqual({ kind: 'lease_mismatch' });
      expect(law.answerTo(first)).toBeNull();
      expect(law.state.queueLength(lock('a'))).toBe(1);
    },
  );

  test('and the same lease id at another lock is no such retry', () => {
    const law = new Law();
    law.grant('a');
    law.grant('b');
    const atA = law.queue('a', { user: 'bob', leaseId: 'mine' });
    law.queue('b', { user: 'bob', leaseId: 'mine' });
    expect(law.answerTo(atA)).toBeNull();
  });
});

describe('the limit of waiters', () => {
  function wait(law: Law, userName: string, wish: AcquireWish = {}): string {
    const request = acquireRequest('a', { user: userName, ...wish });
    const wait = { ticketId: law.nextWaiter(), seconds: 30 };
    const { outcome } = law.do({ kind: 'acquire', request, wait });
    return outcome.kind === 'too_many_waiters' ? `${outcome.kind} of ${outcome.of}` : outcome.kind;
  }

  test('of one user leaves room for the others', () => {
    const law = new Law({ maxWaiters: 3, maxWaitersPerUser: 2 });
    law.grant('a', { user: 'ann' });
    expect(['bob', 'bob', 'bob', 'cid', 'dan'].map((name) => wait(law, name))).toEqual([
      'queued',
      'queued',
      'too_many_waiters of user',
      'queued',
      'too_many_waiters of all_users',
    ]);
    expect(law.state.placeCountOf(user('bob'))).toBe(2);
  });

  test('counts the user, whatever session, lock or lease id the requests name', () => {
    const law = new Law({ maxWaitersPerUser: 1 });
    law.openSession('s', 'bob');
    law.grant('a');
    law.grant('b');
    law.queue('b', { user: 'bob' });
    expect(wait(law, 'bob', { session: 's' })).toBe('too_many_waiters of user');
    expect(wait(law, 'bob', { leaseId: 'chosen' })).toBe('too_many_waiters of user');
  });

  test('needs no room for a client that asks again for its place', () => {
    const law = new Law({ maxWaiters: 1, maxWaitersPerUser: 1 });
    law.grant('a');
    const first = law.queue('a', { user: 'bob', leaseId: 'chosen' });
    expect(wait(law, 'bob', { leaseId: 'chosen' })).toBe('queued');
    expect(law.answerTo(first)?.kind).toBe('conflict');
    expect(wait(law, 'bob', { leaseId: 'other' })).toBe('too_many_waiters of user');
  });

  test.each([
    ['has left', (law: Law, waiter: TicketId) => law.leave(waiter)],
    [
      'was sent away',
      (law: Law) => {
        law.advance(30_001);
        law.sweep();
      },
    ],
  ])('has room again when a waiter %s', (_, end) => {
    const law = new Law({ maxWaitersPerUser: 1 });
    law.grant('a', { ttl: 600 });
    end(law, law.queue('a', { user: 'bob' }));
    expect(law.state.placeCountOf(user('bob'))).toBe(0);
    expect(wait(law, 'bob')).toBe('queued');
  });

  test('has room again when a waiter was granted the lock', () => {
    const law = new Law({ maxWaitersPerUser: 1 });
    const lease = law.grant('a');
    law.queue('a', { user: 'bob' });
    law.release(lease);
    expect(wait(law, 'bob', { leaseId: 'another' })).toBe('queued');
  });

  test('of 0 allows no waiting, and serves requests that need not wait', () => {
    const law = new Law({ maxWaitersPerUser: 0 });
    expect(law.acquire('a').kind).toBe('acquired');
    expect(wait(law, 'bob')).toBe('too_many_waiters of user');
    expect(law.acquire('a', { user: 'bob' }).kind).toBe('conflict');
  });
});
