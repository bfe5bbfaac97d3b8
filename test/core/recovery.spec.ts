import { describe, expect, test } from 'vitest';
import { recover } from '../../src/core/recovery.js';
import { fencingToken, instant, Law, leaseId, lock, sequence, sessionId } from '../support/law.js';
import { DurableRows } from '../../lab/kit/law/durable-rows.js';

const GRACE_SECONDS = 10;

/** The law again after `downMs` of being down. */
function restart(law: Law, downMs: number, graceSeconds = GRACE_SECONDS) {
  const rows = new DurableRows();
  for (const change of law.changes) rows.write(change);
  const now = instant(law.now + downMs);
  const durable = rows.load(law.state.lastFencingToken, law.state.lastSequence);
  const { state, changes } = recover(durable, now, graceSeconds);
  const again = new Law(law.options, state);
  again.now = now;
  return { law: again, changes };
}

describe('after a restart', () => {
  test('leases and sessions are what they were', () => {
    const before = new Law();
    before.openSession('s', 'ann', 300);
    const lease = before.grant('a', { session: 's', ttl: 100, leaseId: 'mine', metadata: 'm' });
    before.release(before.grant('b'));
    const { law, changes } = restart(before, 1_000);
    expect(changes).toEqual([]);
    expect(law.holding('a')).toEqual(lease);
    expect(law.holding('b')).toBeNull();
    expect(law.acquire('a', { session: 's', leaseId: 'mine' })).toEqual({ kind: 'already_held', lease });
    expect(law.closeSession('s').events).toHaveLength(1);
  });

  test('tokens and sequence go on where they stood, also when nothing is held', () => {
    const before = new Law();
    before.release(before.grant('a'));
    before.release(before.grant('a'));
    const { law } = restart(before, 1_000);
    expect(law.grant('a').fencingToken).toBe(3);
    expect(law.events[0]?.sequence).toBe(5);
  });

  test('waiters are gone', () => {
    const before = new Law();
    before.grant('a');
    before.queue('a', { user: 'bob' });
    const { law } = restart(before, 0);
    expect(law.state.queueLength(lock('a'))).toBe(0);
    expect(law.state.waiterCount).toBe(0);
  });

  test('fences have seen what they had seen, and count for who created them', () => {
    const before = new Law({ maxFencesPerUser: 1 });
    before.advanceFence('f', before.grant('a').fencingToken, 'bob');
    const { law } = restart(before, 1_000);
    expect(law.highest('f')).toBe(1);
    expect(law.advanceFence('other', 1, 'bob').outcome.kind).toBe('fence_limit_exceeded');
    expect(law.advanceFence('other', 1, 'ann').outcome.kind).toBe('token_passed');
  });

  test('the quota counts what is held', () => {
    const before = new Law({ maxLocksPerUser: 1, maxSessionsPerUser: 1 });
    before.openSession('s');
    before.grant('a');
    const { law } = restart(before, 0);
    expect(law.acquire('b').kind).toBe('lock_limit_exceeded');
    expect(() => law.openSession('t')).toThrow('session_limit_exceeded');
  });
});

test('a lock with two leases is refused, since neither holder could be trusted', () => {
  const law = new Law();
  const lease = law.grant('a');
  const second = { ...lease, fencingToken: fencingToken(2), leaseId: leaseId('second') };
  const numbers = { lastFencingToken: fencingToken(2), lastSequence: sequence(2) };
  const durable = {
    leases: [lease, second],
    sessions: [],
    coolings: [],
    brokenLeases: [],
    fences: [],
    ...numbers,
  };
  expect(() => recover(durable, law.now, GRACE_SECONDS)).toThrow(
    'the journal has leases of the lock "a" that cannot hold it together',
  );
});

describe('a lease gets time to renew:', () => {
  const cases = [
    { what: 'at least the grace', ttl: 60, ageMs: 0, downMs: 58_000, leftMs: 10_000 },
    { what: 'its own ttl if that is shorter than the grace', ttl: 4, ageMs: 0, downMs: 3_000, leftMs: 4_000 },
    {
      what: 'what it had if that is more than the grace',
      ttl: 60,
      ageMs: 5_000,
      downMs: 1_000,
      leftMs: 54_000,
    },
    { what: 'the grace at its very deadline', ttl: 60, ageMs: 0, downMs: 60_000, leftMs: 10_000 },
  ];
  test.each(cases)('$what', ({ ttl, ageMs, downMs, leftMs }) => {
    const before = new Law();
    const lease = before.grant('a', { ttl });
    before.advance(ageMs);
    const { law, changes } = restart(before, downMs);
    const deadline = instant(law.now + leftMs);
    expect(law.holding('a')).toEqual({ ...lease, deadline });
    const moved =
      deadline === lease.deadline ? [] : [{ kind: 'lease_extended', lease: { ...lease, deadline } }];
    expect(changes).toEqual(moved);
    law.now = deadline;
    expect(law.sweep().events).toEqual([]);
    law.advance(1);
    expect(law.sweep().events).toHaveLength(1);
  });

  test('and so does a session, so that its leases live on', () => {
    const before = new Law();
    const session = before.openSession('s', 'ann', 30);
    before.grant('a', { session: 's', ttl: 300 });
    const { law, changes } = restart(before, 29_000);
    const deadline = instant(law.now + 10_000);
    expect(changes).toEqual([{ kind: 'session_saved', session: { ...session, deadline } }]);
    law.advance(9_000);
    expect(law.keepAlive('s').outcome.kind).toBe('session_kept_alive');
    expect(law.holding('a')).not.toBeNull();
  });

  test('with a grace of 0 deadlines stay as they are', () => {
    const before = new Law();
    const lease = before.grant('a', { ttl: 60 });
    const { law, changes } = restart(before, 59_000, 0);
    expect(changes).toEqual([]);
    expect(law.holding('a')).toEqual(lease);
  });
});

describe('a lease has at most its whole ttl left', () => {
  test('even if the stored deadline is further away', () => {
    const before = new Law();
    const lease = before.grant('a', { ttl: 60 });
    const { law, changes } = restart(before, -1_000_000);
    const capped = { ...lease, deadline: instant(law.now + 60_000) };
    expect(changes).toEqual([{ kind: 'lease_extended', lease: capped }]);
    expect(law.holding('a')).toEqual(capped);
  });
});

describe('what passed its deadline while the service was down', () => {
  test('is gone, and the first sweep reports it', () => {
    const before = new Law();
    before.grant('a', { ttl: 5 });
    const { law, changes } = restart(before, 5_001);
    expect(changes).toEqual([]);
    expect(law.holding('a')).toBeNull();
    expect(law.sweep().events).toEqual([
      expect.objectContaining({ type: 'expired', subject: { kind: 'lock', lockName: 'a' }, sequence: 2 }),
    ]);
  });

  test('makes room for the next one with no sweep', () => {
    const before = new Law();
    before.grant('a', { ttl: 5 });
    const { law } = restart(before, 5_001);
    expect(law.acquire('a', { user: 'bob' }).kind).toBe('acquired');
  });

  test('takes the leases of a session with it, although their own time is not up', () => {
    const before = new Law();
    before.openSession('s', 'ann', 10);
    before.grant('a', { session: 's', ttl: 300 });
    const { law } = restart(before, 10_001);
    expect(law.holding('a')).toBeNull();
    expect(law.keepAlive('s').outcome).toEqual({ kind: 'session_expired' });
    expect(law.state.leaseCount).toBe(0);
  });

  test('leaves the memory of expired sessions as long as it was', () => {
    const before = new Law();
    before.openSession('s', 'ann', 10);
    before.advance(10_001);
    before.sweep();
    const { law, changes } = restart(before, 3_599_000);
    expect(changes).toEqual([]);
    expect(law.keepAlive('s').outcome).toEqual({ kind: 'session_expired' });
    law.advance(1_001);
    law.sweep();
    expect(law.state.session(sessionId('s'))).toBeNull();
  });
});
