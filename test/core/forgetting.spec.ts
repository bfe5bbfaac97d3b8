import { describe, expect, test } from 'vitest';
import { SetsByKey } from '../../src/core/state/sets-by-key.js';
import { filledBy } from '../support/collections.js';
import { acquireRequest, Law, lock } from '../support/law.js';

const HOUR_MS = 3_600_000;

/** What ends everything that there is, each in its own way. */
const lives: [string, (law: Law) => void][] = [
  ['a lease that is released', (law) => law.release(law.grant('a'))],
  [
    'a lease that expires',
    (law) => {
      law.grant('a', { ttl: 1 });
      law.advance(1_001);
      law.sweep();
    },
  ],
  [
    'a waiter that is served',
    (law) => {
      const lease = law.grant('a');
      const waiter = law.queue('a', { user: 'bob', leaseId: 'mine' });
      law.release(lease);
      const answer = law.answerTo(waiter);
      if (answer?.kind === 'acquired') law.release(answer.lease);
    },
  ],
  [
    'a waiter that leaves after its lock came free',
    (law) => {
      const lease = law.grant('a', { user: 'ann' });
      const waiter = law.queue('a', { user: 'bob' });
      law.leave(waiter);
      law.release(lease);
    },
  ],
  [
    'a waiter that is refused when its turn comes',
    (law) => {
      const lease = law.grant('a', { user: 'ann' });
      law.queue('a', { user: 'bob' });
      const others = [law.grant('b', { user: 'bob' }), law.grant('c', { user: 'bob' })];
      law.release(lease);
      for (const other of others) law.release(other);
    },
  ],
  [
    'a waiter whose place a retry takes, and whose time is up',
    (law) => {
      const lease = law.grant('a');
      law.queue('a', { user: 'bob', leaseId: 'mine', seconds: 5 });
      law.queue('a', { user: 'bob', leaseId: 'mine', seconds: 5 });
      law.advance(5_001);
      law.sweep();
      law.release(lease);
      law.advance(15_001);
      law.sweep();
    },
  ],
  [
    'a waiter that loses its connection, asks again and gives its place up',
    (law) => {
      const lease = law.grant('a');
      law.disconnect(law.queue(['a', 'b'], { user: 'bob', leaseId: 'mine' }));
      law.acquire(['a', 'b'], { user: 'bob', leaseId: 'mine' });
      law.giveUp('b', 'mine', 'bob');
      law.release(lease);
    },
  ],
  [
    'a grant that is taken back, and its place',
    (law) => {
      const lease = law.grant('a');
      const wish = { user: 'bob', leaseId: 'mine' };
      const waiter = law.queue('a', wish);
      law.release(lease);
      const place = { ticketId: waiter, request: acquireRequest('a', wish), arrival: law.arrivalOf(waiter) };
      law.takeBack(law.grantedTo(waiter), place);
      law.advance(15_001);
      law.sweep();
    },
  ],
  [
    'shared, counted and several locks',
    (law) => {
      const counted = law.grant(['a', { name: 'b', limit: 3, permits: 2 }]);
      const both = law.queue(['b', 'a'], { user: 'bob', mode: 'shared' });
      law.release(counted);
      law.release(law.grant('a', { user: 'cid', mode: 'shared' }));
      law.release(law.grantedTo(both));
    },
  ],
  [
    'the leases and waiters of a session that is closed',
    (law) => {
      law.openSession('s');
      law.grant('a', { session: 's' });
      const lease = law.grant('b', { user: 'bob' });
      law.queue('b', { session: 's' });
      law.closeSession('s');
      law.release(lease);
    },
  ],
  [
    'a session that is kept alive, expires and has been remembered for long enough',
    (law) => {
      law.openSession('s', 'ann', 10);
      law.keepAlive('s');
      law.advance(10_001);
      law.sweep();
      law.advance(HOUR_MS + 1);
      law.sweep();
    },
  ],
  [
    'a lock that cools after its lease has expired',
    (law) => {
      law.grant('a', { ttl: 1, lockDelay: 5 });
      law.advance(1_001);
      law.sweep();
      law.advance(5_001);
      law.sweep();
    },
  ],
  [
    'a lease that is broken, after the hour for which its client is told so',
    (law) => {
      law.grant('a');
      law.breakLock('a');
      law.advance(HOUR_MS + 1);
      law.sweep();
    },
  ],
  [
    'a lease that is converted, and asked to be released',
    (law) => {
      const lease = law.converted(law.grant('a', { mode: 'shared' }), 'exclusive');
      law.requestRelease('a');
      law.release(lease);
    },
  ],
  [
    'a fence that is deleted',
    (law) => {
      law.release(law.grant('a'));
      law.advanceFence('f', 1);
      law.deleteFence('f');
    },
  ],
];

/** Whether anything is left. A deleted key may stay for a while, without its value. */
function hasValues(collection: Map<unknown, unknown> | Set<unknown>): boolean {
  return [...collection.values()].some((value) => value !== undefined);
}

describe('nothing is left in memory of', () => {
  test.each(lives)('%s', (_, live) => {
    const law = new Law({ maxLocksPerUser: 2 });
    const filled = filledBy(() => live(law));
    expect(filled.length).toBeGreaterThan(0);
    expect(filled.filter(hasValues)).toEqual([]);
    expect(law.state.earliestDue()).toBeUndefined();
    expect(law.state.lock(lock('a'))).toBeNull();
  });
});

describe('while a session lives on', () => {
  test.each([
    ['a lease of it that ended', (law: Law) => law.release(law.grant('a', { session: 's' }))],
    [
      'a waiter of it that left',
      (law: Law) => {
        const lease = law.grant('a', { user: 'bob' });
        law.leave(law.queue('a', { session: 's' }));
        law.release(lease);
      },
    ],
  ])('%s is not remembered', (_, live) => {
    const law = new Law();
    law.openSession('s');
    const filled = filledBy(() => live(law));
    expect(filled.filter(hasValues)).toEqual([]);
  });
});

describe('a lock', () => {
  test('is known while it is held', () => {
    const law = new Law();
    const lease = law.grant('a');
    law.leave(law.queue('a', { user: 'bob' }));
    expect(law.state.lock(lock('a'))?.holders.first?.lease).toBe(lease);
  });
});

describe('sets by key', () => {
  test('have a set for each key that has a value, and for no other', () => {
    const sets = new SetsByKey<string, number>();
    sets.add('a', 1);
    sets.add('a', 2);
    sets.delete('a', 1);
    expect([...(sets.of('a') ?? [])]).toEqual([2]);
    sets.delete('a', 2);
    sets.delete('b', 3);
    expect([sets.of('a'), sets.countOf('a'), sets.of('b')]).toEqual([undefined, 0, undefined]);
  });
});
