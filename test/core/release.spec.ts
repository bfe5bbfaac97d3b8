import { describe, expect, test } from 'vitest';
import { EXCLUSIVE } from '../../src/core/model/demand.js';
import { Law, lock } from '../support/law.js';

describe('release', () => {
  test('frees the lock at once and reports it', () => {
    const law = new Law();
    const lease = law.grant('a', { metadata: 'm' });
    law.advance(1_000);
    const { outcome, changes, events } = law.release(lease);
    expect(outcome).toEqual({ kind: 'released' });
    expect(changes).toEqual([{ kind: 'lease_ended', lease }]);
    expect(events).toEqual([
      expect.objectContaining({
        sequence: 2,
        type: 'released',
        at: law.now,
        actor: { kind: 'user', userId: 'ann' },
        body: {
          holder: lease.holder,
          fencingToken: lease.fencingToken,
          metadata: 'm',
          hold: EXCLUSIVE,
          leaseLocks: ['a'],
        },
      }),
    ]);
    expect(law.holding('a')).toBeNull();
    expect(law.acquire('a', { user: 'bob' }).kind).toBe('acquired');
  });

  test('works for a lease inside a session by the user alone', () => {
    const law = new Law();
    law.openSession('s', 'ann');
    expect(law.release(law.grant('a', { session: 's' })).outcome).toEqual({ kind: 'released' });
    expect(law.state.liveLeaseCountOfSession(law.openSession('s2').sessionId, law.now)).toBe(0);
    expect(law.closeSession('s').events).toEqual([]);
  });

  test('works at the very deadline', () => {
    const law = new Law();
    const lease = law.grant('a', { ttl: 10 });
    law.now = lease.deadline;
    expect(law.release(lease).outcome).toEqual({ kind: 'released' });
  });
});

const NOT_FOUND = { kind: 'lock_not_found' };

function typesOf(law: Law): string[] {
  return law.events.map(({ type }) => type);
}

describe('release is not found, and changes nothing,', () => {
  test('for a free lock', () => {
    const law = new Law();
    const lease = law.grant('b');
    expect(law.release({ ...lease, lockName: lock('a') }).outcome).toEqual(NOT_FOUND);
    expect(typesOf(law)).not.toContain('released');
  });

  test('for a lock of someone else, even with the right lease id', () => {
    const law = new Law();
    const lease = law.grant('a', { user: 'ann' });
    expect(law.release(lease, 'bob').outcome).toEqual(NOT_FOUND);
    expect(typesOf(law)).not.toContain('released');
    expect(law.holding('a')).toEqual(lease);
  });

  test('for a lock held under another lease', () => {
    const law = new Law();
    const lease = law.grant('a', { leaseId: 'one' });
    const other = law.grant('b', { leaseId: 'two' });
    expect(law.release({ ...lease, leaseId: other.leaseId }).outcome).toEqual(NOT_FOUND);
    expect(typesOf(law)).not.toContain('released');
    expect(law.holding('a')).toEqual(lease);
  });

  test('for a lease that was released before', () => {
    const law = new Law();
    const lease = law.grant('a');
    law.release(lease);
    expect(law.release(lease).outcome).toEqual({ kind: 'lock_not_found' });
    expect(typesOf(law)).toEqual(['acquired', 'released']);
  });

  test('for an overdue lease, which ends as expired', () => {
    const law = new Law();
    const lease = law.grant('a', { ttl: 10 });
    law.advance(10_001);
    expect(law.release(lease).outcome).toEqual(NOT_FOUND);
    expect(typesOf(law)).not.toContain('released');
    expect(typesOf(law)).toEqual(['acquired', 'expired']);
  });

  test('for a lease whose session is overdue', () => {
    const law = new Law();
    law.openSession('s', 'ann', 10);
    const lease = law.grant('a', { session: 's', ttl: 60 });
    law.advance(10_001);
    expect(law.release(lease).outcome).toEqual(NOT_FOUND);
    expect(typesOf(law)).not.toContain('released');
  });

  test('for an old lease when the same user holds the lock again', () => {
    const law = new Law();
    const old = law.grant('a', { ttl: 1 });
    law.advance(1_001);
    const current = law.grant('a');
    expect(law.release(old).outcome).toEqual(NOT_FOUND);
    expect(typesOf(law)).not.toContain('released');
    expect(law.holding('a')).toEqual(current);
  });
});
