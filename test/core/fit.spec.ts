import { describe, expect, test } from 'vitest';
import { isNext, isAvailable } from '../../src/core/rules/fit.js';
import { LinkedList } from '../../src/core/state/linked-list.js';
import type { LeaseRecord, Lock, Place, Ticket } from '../../src/core/state/records.js';
import { State } from '../../src/core/state/state.js';
import { acquireRequest, instant, Law, lock, ticketId } from '../support/law.js';

function freeLock(name: string): Lock {
  return { name: lock(name), leases: new LinkedList<LeaseRecord>(), queue: new LinkedList<Place>() };
}

/** A ticket at the end of the queues of these locks. */
function ticketFor(...locks: readonly Lock[]): Ticket {
  const deadline = instant(0);
  const request = acquireRequest('a');
  const ticket: Ticket = {
    kind: 'ticket',
    ticketId: ticketId(1),
    request,
    deadline,
    heapIndex: -1,
    places: [],
  };
  for (const wanted of locks) {
    const place: Place = { ticket, lock: wanted, previous: null, next: null };
    wanted.queue?.push(place);
    ticket.places.push(place);
  }
  return ticket;
}

describe('it is the turn of a ticket', () => {
  test('that is the first in each of its queues', () => {
    const [a, b] = [freeLock('a'), freeLock('b')];
    const first = ticketFor(a, b);
    expect([isNext(first), isNext(ticketFor(a)), isNext(ticketFor(b))]).toEqual([true, false, false]);
  });

  test('and not if another comes first in one of them', () => {
    const [a, b] = [freeLock('a'), freeLock('b')];
    ticketFor(b);
    expect(isNext(ticketFor(a, b))).toBe(false);
  });
});

describe('a lock is open to a newcomer', () => {
  test('that is neither held nor waited for', () => {
    const lockWithoutQueue: Lock = { ...freeLock('a'), queue: null };
    expect([isAvailable(freeLock('a')), isAvailable(lockWithoutQueue)]).toEqual([true, true]);
  });

  test('and not one that is waited for or held', () => {
    const waitedFor = freeLock('a');
    ticketFor(waitedFor);
    const law = new Law();
    law.grant('b');
    const held = law.state.lock(lock('b'));
    expect([isAvailable(waitedFor), held === null || isAvailable(held)]).toEqual([false, false]);
  });
});

describe('a newcomer does not pass a ticket', () => {
  /** The law on a lock that is waited for and not held, which no step leaves behind. */
  function lawWithTicket(): Law {
    const state = new State();
    state.enqueue(ticketId(100), acquireRequest('a', { user: 'ann' }), instant(2_000_000));
    return new Law({}, state);
  }

  test('even if no lease stands in its way', () => {
    const law = lawWithTicket();
    law.queue('a', { user: 'bob' });
    expect(law.state.queueLength(lock('a'))).toBe(2);
  });

  test('and the law stops when it cannot say who holds the lock', () => {
    expect(() => lawWithTicket().acquire('a', { user: 'bob' })).toThrow(
      'the lock "a" conflicts but has no lease',
    );
  });

  test('and the law stops when it cannot say what the ticket has waited for', () => {
    const law = lawWithTicket();
    law.advance(1_000_001);
    expect(() => law.sweep()).toThrow('the ticket waits, but all of its locks are free');
  });
});
