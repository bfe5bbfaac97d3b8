import { describe, expect, test } from 'vitest';
import type { KeptPlace } from '../../src/core/model/command.js';
import type { TicketId } from '../../src/core/model/ids.js';
import { acquireRequest, heldBy, Law, ticketId, type AcquireWish } from '../support/law.js';

const MINE: AcquireWish = { user: 'bob', leaseId: 'mine' };

describe('a request that asks again while it waits', () => {
  test('with a wait takes over the place, and the earlier one is told so', () => {
    const law = new Law();
    const lease = law.grant('a', { user: 'ann' });
    law.queue('a', { user: 'u1' });
    const earlier = law.queue('a', MINE);
    const behind = law.queue('a', { user: 'u2' });
    const again = law.queue('a', { ...MINE, ttl: 7, metadata: 'new' });
    expect(law.answerTo(earlier)).toEqual(heldBy(lease, 60_000, { position: 2, waiters: 3 }));
    expect(law.answerTo(again)).toBeNull();
    law.leave(behind);
    law.release(lease);
    law.release(law.grantedTo(ticketId(1)));
    expect(law.grantedTo(again)).toMatchObject({ ttlSeconds: 7, metadata: 'new' });
    expect([earlier, again].map((waiter) => law.arrivalOf(waiter))).toEqual([2, 2]);
  });

  test('without a wait is told its place, and goes on waiting', () => {
    const law = new Law();
    const lease = law.grant('a', { user: 'ann' });
    law.queue('a', { user: 'u1' });
    const waiter = law.queue('a', MINE);
    expect(law.acquire('a', MINE)).toEqual(heldBy(lease, 60_000, { position: 2, waiters: 2 }));
    expect(law.answerTo(waiter)).toBeNull();
    law.leave(ticketId(1));
    law.release(lease);
    expect(law.answerTo(waiter)?.kind).toBe('acquired');
  });

  test('takes as much room as before', () => {
    const law = new Law({ maxWaiters: 2, maxWaitersPerUser: 2 });
    law.grant('a', { user: 'ann' });
    law.queue(['a', 'b'], MINE);
    expect(law.ask(['a', 'b'], MINE)).toEqual({ kind: 'queued' });
    expect(law.state.placeCount).toBe(2);
  });
});

describe('a request that asks again for a place that was kept', () => {
  /** Bob has the first place for `a`, which no one asks for; the one behind him asks. */
  function silentFirst(): { law: Law; silent: TicketId; behind: TicketId } {
    const law = new Law();
    law.grant('a', { user: 'ann', ttl: 600 });
    const silent = law.queue('a', MINE);
    const behind = law.queue('a', { user: 'cid' });
    law.disconnect(silent);
    return { law, silent, behind };
  }

  test('with a wait asks again from there', () => {
    const { law, silent, behind } = silentFirst();
    const again = law.queue('a', MINE);
    law.release(law.holding('a') ?? fail());
    expect([silent, again, behind].map((waiter) => law.answerTo(waiter)?.kind)).toEqual([
      undefined,
      'acquired',
      undefined,
    ]);
    expect(law.arrivalOf(again)).toBe(1);
  });

  test('without a wait is told its place, whose 15 s start again', () => {
    const { law } = silentFirst();
    law.advance(10_000);
    expect(law.acquire('a', MINE)).toMatchObject({ kind: 'conflict', place: { position: 1, waiters: 1 } });
    law.advance(15_000);
    law.sweep();
    expect(law.acquire('a', MINE)).toMatchObject({ place: { position: 1, waiters: 1 } });
    law.advance(15_001);
    law.sweep();
    expect(law.acquire('a', MINE)).toMatchObject({ place: null });
  });

  test.each([0, 30])(
    'is granted at once if the lock is free and no one who asks is before it (wait of %i s)',
    (seconds) => {
      const law = new Law();
      const lease = law.grant('a', { user: 'ann' });
      law.disconnect(law.queue('a', MINE));
      law.release(lease);
      const outcome = seconds === 0 ? law.acquire('a', MINE) : law.ask('a', { ...MINE, seconds });
      expect(outcome).toMatchObject({ kind: 'acquired', lease: { leaseId: 'mine' } });
      expect(law.state.placeCount).toBe(0);
      expect(law.settlements).toEqual([]);
    },
  );

  test('is granted before those that ask behind it', () => {
    const law = new Law();
    law.grant('a', { user: 'ann', limit: 3, permits: 2 });
    law.disconnect(law.queue('a', { ...MINE, limit: 3, permits: 2 }));
    law.grant('b', { user: 'ann' });
    // It has room at `a`, but not at `b`.
    const behind = law.queue([{ name: 'a', limit: 3 }, 'b'], { user: 'cid' });
    law.release(law.holding('a') ?? fail());
    expect(law.acquire('a', { ...MINE, limit: 3, permits: 2 }).kind).toBe('acquired');
    expect(law.answerTo(behind)).toBeNull();
  });

  test('is not granted while one that asks is before it', () => {
    const law = new Law();
    law.grant('a', { user: 'ann', mode: 'shared' });
    law.queue('a', { user: 'u1', seconds: 60 });
    law.disconnect(law.queue('a', { ...MINE, mode: 'shared' }));
    expect(law.acquire('a', { ...MINE, mode: 'shared' })).toEqual({
      kind: 'conflict',
      lockName: 'a',
      obstacle: { kind: 'queued', until: law.now + 60_000 },
      retryAfterMs: 60_000,
      place: { position: 2, waiters: 1 },
    });
  });

  test.each([0, 30])('may be refused by the quota, and is gone then (wait of %i s)', (seconds) => {
    const law = new Law({ maxLocksPerUser: 1 });
    const lease = law.grant('a', { user: 'ann' });
    law.disconnect(law.queue('a', MINE));
    law.grant('z', { user: 'bob' });
    law.release(lease);
    const outcome = seconds === 0 ? law.acquire('a', MINE) : law.ask('a', { ...MINE, seconds });
    expect(outcome).toEqual({ kind: 'lock_limit_exceeded', limit: 1 });
    expect(law.state.placeCount).toBe(0);
  });

  test('without one, a request that does not wait gets no place', () => {
    const law = new Law();
    const lease = law.grant('a', { user: 'ann' });
    expect(law.acquire('a', MINE)).toEqual(heldBy(lease, 60_000));
    expect(law.state.placeCount).toBe(0);
  });
});

describe('a user gives up a place', () => {
  test('that no one asks for', () => {
    const law = new Law();
    law.grant('a', { user: 'ann' });
    law.disconnect(law.queue(['a', 'b'], MINE));
    const step = law.giveUp('b', 'mine', 'bob');
    expect([step.outcome, step.settlements]).toEqual([{ kind: 'left' }, []]);
    expect(law.state.placeCount).toBe(0);
  });

  test('that is asked for: the client gets the conflict, without a place', () => {
    const law = new Law();
    const lease = law.grant('a', { user: 'ann' });
    const waiter = law.queue('a', MINE);
    expect(law.giveUp('a', 'mine', 'bob').outcome).toEqual({ kind: 'left' });
    expect(law.answerTo(waiter)).toEqual(heldBy(lease, 60_000));
  });

  test('and lets those go on who stood behind', () => {
    const law = new Law();
    law.grant('a', { user: 'ann', mode: 'shared' });
    law.queue('a', MINE);
    const reader = law.queue('a', { user: 'cid', mode: 'shared' });
    law.giveUp('a', 'mine', 'bob');
    expect(law.answerTo(reader)?.kind).toBe('acquired');
  });

  test.each([
    ['another user’s', 'a', 'mine', 'cid'],
    ['another lease id', 'a', 'other', 'bob'],
    ['another lock', 'b', 'mine', 'bob'],
  ])('not with %s', (_, lockName, id, userName) => {
    const law = new Law();
    law.grant('a', { user: 'ann' });
    const waiter = law.queue('a', MINE);
    expect(law.giveUp(lockName, id, userName).outcome).toEqual({ kind: 'not_queued' });
    expect(law.answerTo(waiter)).toBeNull();
  });

  test('not if the server generated its lease id', () => {
    const law = new Law();
    law.grant('a', { user: 'ann' });
    const request = acquireRequest('a', { user: 'bob' });
    law.do({ kind: 'acquire', request, wait: { ticketId: law.nextWaiter(), seconds: 30 } });
    expect(law.giveUp('a', request.leaseId, 'bob').outcome).toEqual({ kind: 'not_queued' });
  });
});

describe('a grant that its client never learned of is taken back', () => {
  /** Bob, who came first, is granted `a`; Cid waits behind him. */
  function grantedInLine(wish: AcquireWish = MINE): { law: Law; place: KeptPlace; behind: TicketId } {
    const law = new Law();
    law.openSession('s', 'bob');
    const lease = law.grant('a', { user: 'ann' });
    const waiter = law.queue('a', wish);
    const behind = law.queue('a', { user: 'cid' });
    law.release(lease);
    const place = { ticketId: waiter, request: acquireRequest('a', wish), arrival: law.arrivalOf(waiter) };
    return { law, place, behind };
  }

  test('and the lock goes to the next, while the client has its place again', () => {
    const { law, place, behind } = grantedInLine();
    const step = law.takeBack(law.grantedTo(place.ticketId), place);
    expect(step.outcome).toEqual({ kind: 'released' });
    expect(step.events.map(({ type }) => type)).toEqual(['released', 'acquired']);
    const next = law.grantedTo(behind);
    law.queue('a', { user: 'dan' });
    const again = law.queue('a', MINE);
    law.release(next);
    expect(law.grantedTo(again).leaseId).toBe('mine');
    expect(law.arrivalOf(again)).toBe(1);
  });

  test('for 15 s', () => {
    const { law, place } = grantedInLine();
    law.takeBack(law.grantedTo(place.ticketId), place);
    law.advance(15_000);
    law.sweep();
    expect(law.state.placeCount).toBe(1);
    law.advance(1);
    law.sweep();
    expect(law.state.placeCount).toBe(0);
  });

  test('even if the limits of waiters are reached', () => {
    const law = new Law({ maxWaiters: 1, maxWaitersPerUser: 1 });
    law.grant('b', { user: 'ann' });
    const lease = law.grant('a', { user: 'ann' });
    const waiter = law.queue('a', MINE);
    law.release(lease);
    law.queue('b', { user: 'bob' });
    const place = { ticketId: waiter, request: acquireRequest('a', MINE), arrival: law.arrivalOf(waiter) };
    law.takeBack(law.grantedTo(waiter), place);
    expect(law.state.placeCount).toBe(2);
  });

  test('without a place if none is kept', () => {
    const { law, place } = grantedInLine();
    law.takeBack(law.grantedTo(place.ticketId), null);
    expect(law.state.placeCount).toBe(0);
  });

  test('without a place if its session has ended meanwhile', () => {
    const { law, place } = grantedInLine({ ...MINE, session: 's' });
    const lease = law.grantedTo(place.ticketId);
    law.advance(60_001);
    expect(law.takeBack(lease, place).outcome).toEqual({ kind: 'released' });
    expect(law.state.placeCount).toBe(0);
  });

  test('only if it is that grant', () => {
    const { law, place } = grantedInLine();
    const lease = law.grantedTo(place.ticketId);
    law.release(lease);
    const step = law.takeBack(lease, place);
    expect(step).toEqual({ outcome: { kind: 'lock_not_found' }, changes: [], events: [], settlements: [] });
    expect(law.state.placeCount).toBe(0);
  });

  test('with all its locks', () => {
    const law = new Law();
    const lease = law.grant(['a', 'b']);
    const behind = ['a', 'b'].map((name) => law.queue(name, { user: 'cid' }));
    law.takeBack(lease);
    expect(behind.map((waiter) => law.answerTo(waiter)?.kind)).toEqual(['acquired', 'acquired']);
  });
});

describe('at a limit of waiters, places that no one asks for make way:', () => {
  function silent(law: Law, lockName: string, wish: AcquireWish): void {
    law.disconnect(law.queue(lockName, wish));
    law.advance(10);
  }

  /** Whose places in the line of `a` are there, by lease id. */
  function left(law: Law): string[] {
    return law.state.queue(acquireRequest('a').wants[0].lockName, 100).places.map(({ leaseId }) => leaseId);
  }

  test('the user’s own one that has been silent longest', () => {
    const law = new Law({ maxWaitersPerUser: 2 });
    law.grant('a', { user: 'ann' });
    const first = law.queue('a', { user: 'bob', leaseId: 'first' });
    silent(law, 'a', { user: 'bob', leaseId: 'second' });
    law.disconnect(first);
    expect(law.ask('a', { user: 'bob', leaseId: 'third' }).kind).toBe('queued');
    expect(left(law)).toEqual(['first', 'third']);
  });

  test('anyone’s at the limit of all users', () => {
    const law = new Law({ maxWaiters: 2 });
    law.grant('a', { user: 'ann' });
    silent(law, 'a', { user: 'bob', leaseId: 'first' });
    silent(law, 'a', { user: 'cid', leaseId: 'second' });
    expect(law.ask('a', { user: 'dan', leaseId: 'third' }).kind).toBe('queued');
    expect(left(law)).toEqual(['second', 'third']);
  });

  test('as many as are needed', () => {
    const law = new Law({ maxWaiters: 3 });
    law.grant('a', { user: 'ann' });
    for (const id of ['first', 'second', 'third']) silent(law, 'a', { user: 'bob', leaseId: id });
    expect(law.ask(['a', 'b'], { user: 'dan', leaseId: 'fourth' }).kind).toBe('queued');
    expect(left(law)).toEqual(['third', 'fourth']);
  });

  test('none if all of them are not enough', () => {
    const law = new Law({ maxWaiters: 2 });
    law.grant('a', { user: 'ann' });
    law.queue('a', { user: 'bob', leaseId: 'first' });
    silent(law, 'a', { user: 'bob', leaseId: 'second' });
    const refusal = { kind: 'too_many_waiters', of: 'all_users', limit: 2 };
    expect(law.ask(['a', 'b'], { user: 'dan' })).toEqual(refusal);
    expect(left(law)).toEqual(['first', 'second']);
  });

  test('never one that asks', () => {
    const law = new Law({ maxWaitersPerUser: 1 });
    law.grant('a', { user: 'ann' });
    law.queue('a', { user: 'bob', leaseId: 'first' });
    const refusal = { kind: 'too_many_waiters', of: 'user', limit: 1 };
    expect(law.ask('a', { user: 'bob', leaseId: 'second' })).toEqual(refusal);
  });

  test('never another user’s at the limit of one user', () => {
    const law = new Law({ maxWaitersPerUser: 1 });
    law.grant('a', { user: 'ann' });
    silent(law, 'a', { user: 'cid', leaseId: 'other' });
    law.queue('a', { user: 'bob', leaseId: 'first' });
    expect(law.ask('a', { user: 'bob', leaseId: 'second' }).kind).toBe('too_many_waiters');
    expect(left(law)).toEqual(['other', 'first']);
  });

  test('one that was asked about again has not been silent longest', () => {
    const law = new Law({ maxWaiters: 2 });
    law.grant('a', { user: 'ann' });
    silent(law, 'a', { user: 'bob', leaseId: 'first' });
    silent(law, 'a', { user: 'bob', leaseId: 'second' });
    law.acquire('a', { user: 'bob', leaseId: 'first' });
    law.queue('a', { user: 'dan', leaseId: 'third' });
    expect(left(law)).toEqual(['first', 'third']);
  });
});

function fail(): never {
  throw new Error('no one holds the lock');
}
