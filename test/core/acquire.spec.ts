import { describe, expect, test } from 'vitest';
import { EXCLUSIVE } from '../../src/core/model/demand.js';
import { USUAL_TERMS } from '../../src/core/model/lease.js';
import { heldBy, holder, Law, lock } from '../support/law.js';

describe('a free lock', () => {
  test('is granted with the ids, the ttl and the metadata that were asked for', () => {
    const law = new Law();
    const outcome = law.acquire('jobs/nightly', { user: 'ann', leaseId: 'chosen', ttl: 30, metadata: 'm' });
    expect(outcome).toEqual({
      kind: 'acquired',
      lease: {
        leaseId: 'chosen',
        lockName: lock('jobs/nightly'),
        holder: holder('ann'),
        fencingToken: 1,
        ttlSeconds: 30,
        deadline: law.now + 30_000,
        metadata: 'm',
        terms: USUAL_TERMS,
      },
    });
  });

  test('reports one change and one event, which say the same', () => {
    const law = new Law();
    const lease = law.grant('a', { metadata: 'why' });
    expect(law.changes).toEqual([{ kind: 'lease_granted', lease }]);
    expect(law.events).toEqual([
      {
        sequence: 1,
        at: law.now,
        actor: { kind: 'user', userId: 'ann' },
        subject: { kind: 'lock', lockName: 'a' },
        type: 'acquired',
        body: {
          holder: lease.holder,
          fencingToken: lease.fencingToken,
          metadata: 'why',
          expiresAt: lease.deadline,
          hold: EXCLUSIVE,
          leaseLocks: ['a'],
        },
      },
    ]);
  });

  test('becomes free again the instant after its deadline, with no sweep', () => {
    const law = new Law();
    const first = law.grant('a', { user: 'ann', ttl: 10 });
    law.now = first.deadline;
    expect(law.acquire('a', { user: 'bob' }).kind).toBe('conflict');
    law.advance(1);
    expect(law.holding('a')).toBeNull();
    const second = law.grant('a', { user: 'bob' });
    expect(second.fencingToken).toBeGreaterThan(first.fencingToken);
    expect(law.events.map(({ type }) => type)).toEqual(['acquired', 'expired', 'acquired']);
  });
});

describe('fencing tokens', () => {
  test('strictly increase over all locks and all kinds of endings', () => {
    const law = new Law();
    law.openSession('s', 'ann');
    law.release(law.grant('a'));
    law.grant('b', { session: 's' });
    law.closeSession('s');
    law.grant('c', { ttl: 1 });
    law.advance(1_001);
    law.grant('c', { user: 'bob' });
    law.grant('a', { user: 'bob' });
    const tokens = law.events.filter(({ type }) => type === 'acquired').map(({ body }) => body.fencingToken);
    expect(tokens).toEqual([1, 2, 3, 4, 5]);
    expect(law.state.lastFencingToken).toBe(5);
  });

  test('are not spent on refusals', () => {
    const law = new Law({ maxLocksPerUser: 1 });
    law.grant('a');
    law.acquire('a', { user: 'bob' });
    law.acquire('b', { user: 'ann' });
    expect(law.state.lastFencingToken).toBe(1);
  });
});

describe('the holder that acquires again', () => {
  test('gets the same lease, token and expiry, whatever ttl and metadata it asks for now', () => {
    const law = new Law();
    const lease = law.grant('a', { ttl: 60 });
    law.advance(5_000);
    expect(law.acquire('a', { ttl: 3600, metadata: 'other' })).toEqual({ kind: 'already_held', lease });
    expect(law.changes).toHaveLength(1);
    expect(law.events).toHaveLength(1);
  });

  test('gets the same lease for the lease id that it chose, so that a lost reply can be retried', () => {
    const law = new Law();
    const lease = law.grant('a', { leaseId: 'mine' });
    expect(law.acquire('a', { leaseId: 'mine' })).toEqual({ kind: 'already_held', lease });
  });

  test('gets it even if the server had minted the lease id that it now names', () => {
    const law = new Law();
    const lease = law.grant('a');
    expect(law.acquire('a', { leaseId: lease.leaseId })).toEqual({ kind: 'already_held', lease });
  });

  test('gets its renewed expiry', () => {
    const law = new Law();
    const lease = law.grant('a', { ttl: 10 });
    law.advance(1_000);
    law.renew(lease, 100);
    expect(law.acquire('a')).toMatchObject({ kind: 'already_held', lease: { deadline: law.now + 100_000 } });
  });

  test('gets a new lease once the old one is over', () => {
    const law = new Law();
    const first = law.grant('a', { leaseId: 'mine', ttl: 10 });
    law.advance(10_001);
    const second = law.grant('a', { leaseId: 'mine', ttl: 10 });
    expect(second.fencingToken).toBeGreaterThan(first.fencingToken);
    expect(second.deadline).toBe(law.now + 10_000);
  });
});

describe('any other holder contends:', () => {
  const contenders = [
    { who: 'another user', wish: { user: 'bob' } },
    { who: 'another user that names the same lease id', wish: { user: 'bob', leaseId: 'mine' } },
    { who: 'the same user with another chosen lease id', wish: { leaseId: 'other' } },
    { who: 'the same user inside a session', wish: { session: 's' } },
  ];
  test.each(contenders)('$who', ({ wish }) => {
    const law = new Law();
    law.openSession('s', 'ann');
    const lease = law.grant('a', { user: 'ann', leaseId: 'mine' });
    expect(law.acquire('a', wish)).toEqual(heldBy(lease, 60_000));
    expect(law.holding('a')).toEqual(lease);
  });

  test('but the same user inside a session that names the same lease id asks for something else with it', () => {
    const law = new Law();
    law.openSession('s', 'ann');
    const lease = law.grant('a', { user: 'ann', leaseId: 'mine' });
    expect(law.acquire('a', { session: 's', leaseId: 'mine' })).toEqual({ kind: 'lease_mismatch' });
    expect(law.holding('a')).toEqual(lease);
  });

  test('one session against another of the same user', () => {
    const law = new Law();
    law.openSession('s1', 'ann');
    law.openSession('s2', 'ann');
    law.grant('a', { session: 's1' });
    expect(law.acquire('a', { session: 's2' }).kind).toBe('conflict');
    expect(law.acquire('a', { session: null }).kind).toBe('conflict');
    expect(law.acquire('a', { session: 's1' }).kind).toBe('already_held');
  });
});

describe('the conflict tells when to try again', () => {
  test('at the deadline of the lease', () => {
    const law = new Law();
    law.grant('a', { ttl: 60 });
    law.advance(12_345);
    expect(law.acquire('a', { user: 'bob' })).toMatchObject({ retryAfterMs: 47_655 });
  });

  test('at the deadline of its session, if that comes first', () => {
    const law = new Law();
    law.openSession('s', 'ann', 20);
    law.grant('a', { session: 's', ttl: 60 });
    expect(law.acquire('a', { user: 'bob' })).toMatchObject({ retryAfterMs: 20_000 });
  });

  test('never in the past', () => {
    const law = new Law();
    const lease = law.grant('a', { ttl: 60 });
    law.now = lease.deadline;
    expect(law.acquire('a', { user: 'bob' })).toMatchObject({ kind: 'conflict', retryAfterMs: 0 });
  });
});

describe('acquiring inside a session', () => {
  test('is refused for one that never was', () => {
    expect(new Law().acquire('a', { session: 'none' })).toEqual({ kind: 'session_not_found' });
  });

  test('is refused for one of another user as if it never was', () => {
    const law = new Law();
    law.openSession('s', 'bob');
    expect(law.acquire('a', { user: 'ann', session: 's' })).toEqual({ kind: 'session_not_found' });
  });

  test('is refused for one that expired, with no sweep', () => {
    const law = new Law();
    law.openSession('s', 'ann', 10);
    law.advance(10_001);
    expect(law.acquire('a', { session: 's' })).toEqual({ kind: 'session_expired' });
    expect(law.holding('a')).toBeNull();
  });

  test('is granted at the very deadline of the session', () => {
    const law = new Law();
    law.openSession('s', 'ann', 10);
    law.advance(10_000);
    expect(law.acquire('a', { session: 's' }).kind).toBe('acquired');
  });
});
