import { describe, expect, test } from 'vitest';
import type { TicketId } from '../../src/core/model/ids.js';
import { heldBy, Law, queuedBehind, type AcquireWish, type DemandWish } from '../support/law.js';

const SHARING: DemandWish = { mode: 'shared' };

function answered(law: Law, waiters: readonly TicketId[]): (string | null)[] {
  return waiters.map((waiter) => law.answerTo(waiter)?.kind ?? null);
}

describe('no one overtakes one who asks:', () => {
  test('a reader does not pass a writer that waits for readers', () => {
    const law = new Law();
    const reader = law.grant('a', { ...SHARING, user: 'ann' });
    const writer = law.queue('a', { user: 'bob', seconds: 20 });
    expect(law.acquire('a', { ...SHARING, user: 'cid' })).toEqual(
      queuedBehind('a', law.now + 20_000, 20_000),
    );
    const late = law.queue('a', { ...SHARING, user: 'cid' });
    law.release(reader);
    expect(answered(law, [writer, late])).toEqual(['acquired', null]);
    law.release(law.grantedTo(writer));
    expect(answered(law, [late])).toEqual(['acquired']);
  });

  test('a small request does not pass a large one', () => {
    const law = new Law();
    law.grant('a', { user: 'ann', limit: 3, permits: 2 });
    const large = law.queue('a', { user: 'bob', limit: 3, permits: 2 });
    const small = law.queue('a', { user: 'cid', limit: 3, permits: 1 });
    expect(answered(law, [large, small])).toEqual([null, null]);
  });

  test('once the writer gives up, the readers behind it go in at once', () => {
    const law = new Law();
    law.grant('a', { ...SHARING, user: 'ann' });
    const writer = law.queue('a', { user: 'bob' });
    const readers = ['u1', 'u2'].map((name) => law.queue('a', { ...SHARING, user: name }));
    law.leave(writer);
    expect(answered(law, readers)).toEqual(['acquired', 'acquired']);
  });

  test('once the wait of the writer is over, too', () => {
    const law = new Law();
    const lease = law.grant('a', { ...SHARING, user: 'ann' });
    const writer = law.queue('a', { user: 'bob', seconds: 5 });
    const reader = law.queue('a', { ...SHARING, user: 'cid', seconds: 30 });
    law.advance(5_001);
    law.sweep();
    expect(law.answerTo(writer)).toEqual(heldBy(lease, 54_999, { position: 1, waiters: 1 }));
    expect(answered(law, [reader])).toEqual(['acquired']);
  });
});

describe('when a lock changes hands, all at the head that fit are granted:', () => {
  const arrivals: readonly DemandWish[] = [SHARING, SHARING, {}, SHARING];
  const first = ['acquired', 'acquired', null, null];

  function waitInLine(law: Law, wishes: readonly AcquireWish[]): TicketId[] {
    return wishes.map((wish, index) => law.queue('a', { ...wish, user: `u${index}` }));
  }

  test('readers up to the next writer', () => {
    const law = new Law();
    const lease = law.grant('a');
    const waiters = waitInLine(law, arrivals);
    law.release(lease);
    expect(answered(law, waiters)).toEqual(first);
  });

  test('counted requests as long as permits last, and no smaller one behind', () => {
    const law = new Law();
    const lease = law.grant('a');
    const waiters = waitInLine(
      law,
      [2, 2, 3, 1].map((permits) => ({ limit: 5, permits })),
    );
    law.release(lease);
    expect(answered(law, waiters)).toEqual(['acquired', 'acquired', null, null]);
    expect(law.grantedTo(waiters[1] ?? fail()).terms.hold).toMatchObject({ slots: [2, 3] });
  });

  test('one that is refused is no obstacle', () => {
    const law = new Law({ maxLocksPerUser: 1 });
    const lease = law.grant('a');
    const waiters = waitInLine(law, [SHARING, SHARING, SHARING]);
    law.grant('b', { user: 'u1' });
    law.release(lease);
    expect(answered(law, waiters)).toEqual(['acquired', 'lock_limit_exceeded', 'acquired']);
  });
});

describe('at most 1,000 are served in one step', () => {
  function crowd(count: number): { law: Law; waiters: TicketId[] } {
    const most = { maxLocks: 10_000, maxWaiters: 10_000, maxLocksPerUser: 10_000, maxWaitersPerUser: 10_000 };
    const law = new Law(most);
    const lease = law.grant('a', { user: 'ann' });
    const waiters = Array.from({ length: count }, (_, index) =>
      law.queue('a', { ...SHARING, user: `u${index}`, seconds: 60 }),
    );
    law.release(lease);
    return { law, waiters };
  }

  test('and sweeps go on', () => {
    const { law } = crowd(2_300);
    expect(law.settlements).toHaveLength(1_000);
    expect(law.sweep(1).outcome).toEqual({ kind: 'swept', more: true });
    expect(law.settlements).toHaveLength(2_000);
    expect(law.sweep(1).outcome).toEqual({ kind: 'swept', more: false });
    expect(law.settlements).toHaveLength(2_300);
  });

  test('in their order, and no one gets in between', () => {
    const { law, waiters } = crowd(1_200);
    expect(law.acquire('a', { ...SHARING, user: 'late' }).kind).toBe('conflict');
    law.sweep();
    expect(law.settlements.map(({ ticketId }) => ticketId)).toEqual(waiters);
    expect(law.acquire('a', { ...SHARING, user: 'late' }).kind).toBe('acquired');
  });

  test('exactly 1,000 leave nothing', () => {
    const { law } = crowd(1_000);
    expect(law.settlements).toHaveLength(1_000);
    expect(law.sweep().outcome).toEqual({ kind: 'swept', more: false });
  });

  test('one whose wait ends meanwhile is served first', () => {
    const { law, waiters } = crowd(1_001);
    law.advance(60_001);
    // All leases of 60 s are overdue too. Those that wait are served first.
    law.sweep();
    expect(law.answerTo(waiters[1_000] ?? fail())?.kind).toBe('acquired');
  });
});

describe('a place is kept for 15 s after its request:', () => {
  const PLACE: AcquireWish = { user: 'bob', leaseId: 'mine' };

  test('a client that lost its connection is passed over, and goes on where it stood', () => {
    const law = new Law();
    const lease = law.grant('a', { user: 'ann' });
    const lost = law.queue('a', PLACE);
    const behind = law.queue('a', { user: 'cid' });
    expect(law.disconnect(lost).outcome).toEqual({ kind: 'left' });
    law.release(lease);
    expect(answered(law, [lost, behind])).toEqual([null, 'acquired']);
    const again = law.queue('a', PLACE);
    const later = law.queue('a', { user: 'dan' });
    law.release(law.grantedTo(behind));
    expect(answered(law, [again, later])).toEqual(['acquired', null]);
  });

  test('a lock for which no one asks is free to newcomers, even if others have places', () => {
    const law = new Law();
    const lease = law.grant('a', { user: 'ann' });
    law.disconnect(law.queue('a', PLACE));
    law.release(lease);
    expect(law.holding('a')).toBeNull();
    expect(law.acquire('a', { user: 'cid' }).kind).toBe('acquired');
  });

  test('one that falls silent hands the lock over to those behind it', () => {
    const law = new Law();
    law.grant('a', { ...SHARING, user: 'ann' });
    const writer = law.queue('a', PLACE);
    const reader = law.queue('a', { ...SHARING, user: 'cid' });
    law.disconnect(writer);
    expect(answered(law, [writer, reader])).toEqual([null, 'acquired']);
  });

  test.each([
    [15_000, 'is still there at', { position: 1, waiters: 2 }],
    [15_001, 'is gone after', { position: 2, waiters: 2 }],
  ])('%i ms after the connection broke it %s its end', (milliseconds, _, place) => {
    const law = new Law();
    const lease = law.grant('a', { user: 'ann', ttl: 600 });
    law.disconnect(law.queue('a', PLACE));
    law.queue('a', { user: 'cid', seconds: 60 });
    law.advance(milliseconds);
    law.sweep();
    law.queue('a', { ...PLACE, seconds: 60 });
    const second = law.ask('a', { ...PLACE, seconds: 60 });
    expect(second).toEqual({ kind: 'queued' });
    const [answer] = law.settlements.map((settlement) => settlement.answer);
    expect(answer).toEqual(heldBy(lease, 600_000 - milliseconds, place));
  });

  test('its end is no answer to anyone', () => {
    const law = new Law();
    law.grant('a', { user: 'ann', ttl: 600 });
    law.disconnect(law.queue('a', PLACE));
    law.advance(15_001);
    expect(law.sweep()).toEqual({
      outcome: { kind: 'swept', more: false },
      changes: [],
      events: [],
      settlements: [],
    });
    expect(law.giveUp('a', 'mine', 'bob').outcome).toEqual({ kind: 'not_queued' });
  });

  test('a wait that ran out keeps it too, from its end on', () => {
    const law = new Law();
    law.grant('a', { user: 'ann', ttl: 600 });
    law.queue('a', { ...PLACE, seconds: 5 });
    law.queue('a', { user: 'cid', seconds: 60 });
    law.advance(5_001);
    law.sweep();
    law.advance(15_000);
    expect(law.acquire('a', PLACE)).toMatchObject({ place: { position: 1, waiters: 1 } });
  });

  test('a request that chose no lease id keeps none', () => {
    const law = new Law();
    law.grant('a', { user: 'ann' });
    const lost = law.queue('a', { user: 'bob' });
    expect(law.disconnect(lost).outcome).toEqual({ kind: 'left' });
    expect(law.disconnect(lost).outcome).toEqual({ kind: 'not_queued' });
  });

  test('to fall silent twice changes nothing, and to leave for good ends it', () => {
    const law = new Law();
    law.grant('a', { user: 'ann', ttl: 600 });
    const lost = law.queue('a', PLACE);
    law.disconnect(lost);
    law.advance(10_000);
    expect(law.disconnect(lost).outcome).toEqual({ kind: 'left' });
    law.advance(5_001);
    law.sweep();
    expect(law.leave(lost).outcome).toEqual({ kind: 'not_queued' });
    const another = law.queue('a', PLACE);
    law.disconnect(another);
    expect(law.leave(another).outcome).toEqual({ kind: 'left' });
    expect(law.leave(another).outcome).toEqual({ kind: 'not_queued' });
  });

  test('the end of its session ends it, without an answer', () => {
    const law = new Law();
    law.openSession('s', 'bob');
    law.grant('a', { user: 'ann' });
    const silent = law.queue('a', { ...PLACE, session: 's' });
    law.disconnect(silent);
    const asking = law.queue('a', { user: 'bob', leaseId: 'other', session: 's' });
    const { settlements } = law.closeSession('s', 'bob');
    expect(settlements.map(({ ticketId, answer }) => [ticketId, answer])).toEqual([
      [asking, { kind: 'session_not_found' }],
    ]);
    expect(law.leave(silent).outcome).toEqual({ kind: 'not_queued' });
  });
});

describe('the position in line', () => {
  test('is told when a wait is over: how many ask and came before, and how many still ask', () => {
    const law = new Law();
    const lease = law.grant('a', { user: 'ann', ttl: 600 });
    law.queue('a', { user: 'u1', seconds: 60 });
    law.queue('a', { user: 'u2', seconds: 60 });
    const waiter = law.queue('a', { user: 'bob', seconds: 5 });
    law.queue('a', { user: 'u3', seconds: 60 });
    law.advance(5_001);
    law.sweep();
    expect(law.answerTo(waiter)).toEqual(heldBy(lease, 594_999, { position: 3, waiters: 3 }));
  });

  test('does not count silent places', () => {
    const law = new Law();
    const lease = law.grant('a', { user: 'ann', ttl: 600 });
    law.disconnect(law.queue('a', { user: 'u1', leaseId: 'x' }));
    const waiter = law.queue('a', { user: 'bob', seconds: 5 });
    law.advance(5_001);
    law.sweep();
    expect(law.answerTo(waiter)).toEqual(heldBy(lease, 594_999, { position: 1, waiters: 0 }));
  });

  test('of one that asked without waiting is none', () => {
    const law = new Law();
    const lease = law.grant('a', { user: 'ann' });
    law.queue('a', { user: 'u1' });
    expect(law.acquire('a', { user: 'bob' })).toEqual(heldBy(lease, 60_000));
  });
});

test('arrivals are numbered from 1 in the order in which requests join', () => {
  const law = new Law();
  let lease = law.grant('a', { user: 'ann' });
  law.acquire('a', { user: 'x' });
  const waiters = ['u1', 'u2', 'u3'].map((name) => law.queue('a', { user: name }));
  for (const waiter of waiters) {
    law.release(lease);
    lease = law.grantedTo(waiter);
  }
  expect(waiters.map((waiter) => law.arrivalOf(waiter))).toEqual([1, 2, 3]);
});

function fail(): never {
  throw new Error('no such waiter');
}
