import { expect, test } from 'vitest';
import type { Change } from '../../src/core/model/change.js';
import { EXCLUSIVE } from '../../src/core/model/demand.js';
import type { LockEventType } from '../../src/core/model/event.js';
import { Law } from '../support/law.js';

/** Runs through every way in which a lease begins, goes on and ends. */
function eventfulLife(): Law {
  const law = new Law();
  law.openSession('s', 'ann', 10);
  law.renew(law.grant('a', { session: 's' }));
  law.queue('a', { user: 'bob', ttl: 5 });
  law.release(law.grant('b'));
  law.grant('c', { ttl: 1 });
  law.advance(1_001);
  law.acquire('c', { user: 'bob' });
  law.advance(10_000);
  law.sweep();
  law.openSession('t', 'ann');
  law.grant('d', { session: 't' });
  law.closeSession('t');
  law.advance(3_600_001);
  law.sweep();
  return law;
}

test('the sequence increases by one with each event, whatever step it comes from', () => {
  const { events, state } = eventfulLife();
  expect(events.length).toBeGreaterThan(10);
  expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1));
  expect(state.lastSequence).toBe(events.length);
});

test('every change of a lease has its event, in the same order, and every event its change', () => {
  const { events, changes } = eventfulLife();
  const typesOf: Record<Change['kind'], readonly LockEventType[]> = {
    lease_granted: ['acquired'],
    lease_extended: ['renewed'],
    lease_converted: [],
    lease_ended: ['released', 'expired'],
    session_saved: [],
    session_removed: [],
    cooling_began: [],
    cooling_ended: [],
    broken_lease_saved: [],
    broken_lease_forgotten: [],
    fence_saved: [],
    fence_removed: [],
  };
  const ofLeases = changes.flatMap((change) => ('lease' in change ? [change] : []));
  expect(ofLeases).toHaveLength(events.length);
  for (const [index, { kind, lease }] of ofLeases.entries()) {
    const event = events[index];
    expect(typesOf[kind]).toContain(event?.type);
    expect(event).toMatchObject({
      subject: { kind: 'lock', lockName: lease.lockName },
    });
    expect(event?.body).toEqual({
      holder: lease.holder,
      fencingToken: lease.fencingToken,
      metadata: lease.metadata,
      hold: EXCLUSIVE,
      leaseLocks: [lease.lockName],
      ...(kind === 'lease_ended' ? {} : { expiresAt: lease.deadline }),
    });
  }
});

test('the actor of an event is the holder of its lease, or the service if no request caused it', () => {
  const { events } = eventfulLife();
  for (const { type, actor, body } of events) {
    const { userId } = body.holder;
    expect(actor).toEqual(type === 'expired' ? { kind: 'service' } : { kind: 'user', userId });
  }
});

test('no event carries the id of the lease', () => {
  const law = new Law();
  law.release(law.grant('a', { leaseId: 'very-secret' }));
  expect(JSON.stringify(law.events)).not.toContain('very-secret');
});
