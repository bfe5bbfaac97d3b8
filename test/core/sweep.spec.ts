import { describe, expect, test } from 'vitest';
import { Law, lock } from '../support/law.js';

describe('a sweep', () => {
  test('finds nothing to do until a deadline has passed', () => {
    const law = new Law();
    const lease = law.grant('a', { ttl: 10 });
    expect(law.sweep()).toEqual({
      outcome: { kind: 'swept', more: false },
      changes: [],
      events: [],
      settlements: [],
    });
    law.now = lease.deadline;
    expect(law.state.isAnythingDue(law.now)).toBe(false);
    expect(law.sweep().events).toEqual([]);
    law.advance(1);
    expect(law.state.isAnythingDue(law.now)).toBe(true);
    expect(law.sweep().events).toEqual([expect.objectContaining({ type: 'expired', at: law.now })]);
    expect(law.state.leaseCount).toBe(0);
  });

  test('ends what is due in the order of the deadlines', () => {
    const law = new Law();
    for (const [name, ttl] of [
      ['c', 3],
      ['a', 1],
      ['d', 40],
      ['b', 2],
    ] as const)
      law.grant(name, { ttl });
    law.advance(30_000);
    expect(law.sweep().events.map(({ subject }) => subject.lockName)).toEqual(['a', 'b', 'c']);
    expect(law.holding('d')).not.toBeNull();
  });

  test('bites off no more than its limit and says whether there is more', () => {
    const law = new Law();
    for (let index = 0; index < 5; index += 1) law.grant(`lock-${index}`, { ttl: 1 });
    law.advance(1_001);
    const bites = [2, 2, 2].map((limit) => {
      const { outcome, events } = law.sweep(limit);
      return [events.length, outcome.more];
    });
    expect(bites).toEqual([
      [2, true],
      [2, true],
      [1, false],
    ]);
  });

  test('says that there is no more when its bite was just enough', () => {
    const law = new Law();
    law.grant('a', { ttl: 1 });
    law.advance(1_001);
    expect(law.sweep(1).outcome).toEqual({ kind: 'swept', more: false });
  });

  test('passes an expired lock on in the same step', () => {
    const law = new Law();
    law.grant('a', { ttl: 1 });
    const waiter = law.queue('a', { user: 'bob' });
    law.advance(1_001);
    expect(law.sweep().events.map(({ type }) => type)).toEqual(['expired', 'acquired']);
    expect(law.answerTo(waiter)?.kind).toBe('acquired');
  });

  test('gives a lock whose lease and whose first wait both ended to that waiter', () => {
    const law = new Law();
    law.grant('a', { ttl: 10 });
    const waiter = law.queue('a', { user: 'bob', seconds: 5 });
    law.advance(10_001);
    law.sweep();
    expect(law.answerTo(waiter)?.kind).toBe('acquired');
  });

  test('ends a renewed lease at its new deadline only, once', () => {
    const law = new Law();
    const lease = law.grant('a', { ttl: 10 });
    for (let times = 0; times < 20; times += 1) {
      law.advance(1_000);
      law.renew(lease, 10);
    }
    law.advance(10_001);
    expect(law.sweep().events).toHaveLength(1);
    expect(law.sweep().events).toHaveLength(0);
  });

  test('leaves nothing of locks, sessions and waiters behind', () => {
    const law = new Law();
    law.openSession('s', 'ann', 10);
    law.grant('a', { session: 's', ttl: 5 });
    law.queue('a', { user: 'bob', seconds: 1, ttl: 1 });
    for (let hour = 0; hour < 3; hour += 1) {
      law.advance(3_600_001);
      law.sweep();
    }
    expect(law.state.earliestDue()).toBeUndefined();
    expect([law.state.leaseCount, law.state.sessionCount, law.state.waiterCount]).toEqual([0, 0, 0]);
    expect(law.state.queueLength(lock('a'))).toBe(0);
  });
});
