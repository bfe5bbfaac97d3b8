import { describe, expect, test } from 'vitest';
import { Law, lock, sessionId, user } from '../support/law.js';

const HOUR_MS = 3_600_000;

describe('a session', () => {
  test('is opened active, with its ttl from now', () => {
    const law = new Law();
    const session = law.openSession('s', 'ann', 60);
    expect(session).toEqual({
      sessionId: 's',
      userId: 'ann',
      ttlSeconds: 60,
      state: 'active',
      deadline: law.now + 60_000,
      madeWith: null,
    });
    expect(law.changes).toEqual([{ kind: 'session_saved', session }]);
    expect(law.state.sessionCount).toBe(1);
  });

  test('is kept alive for its ttl from each keepalive on, also from one at the very deadline', () => {
    const law = new Law();
    law.openSession('s', 'ann', 10);
    law.advance(10_000);
    expect(law.keepAlive('s').outcome).toMatchObject({
      kind: 'session_kept_alive',
      session: { deadline: law.now + 10_000, ttlSeconds: 10 },
    });
    law.advance(10_000);
    expect(law.keepAlive('s').outcome.kind).toBe('session_kept_alive');
    law.advance(10_001);
    expect(law.keepAlive('s').outcome).toEqual({ kind: 'session_expired' });
  });

  test('does not prolong its leases by a keepalive: they end at their own ttl', () => {
    const law = new Law();
    law.openSession('s', 'ann', 10);
    law.grant('a', { session: 's', ttl: 5 });
    law.advance(5_001);
    law.keepAlive('s');
    expect(law.holding('a')).toBeNull();
    law.sweep();
    expect(law.state.session(sessionId('s'))?.state).toBe('active');
  });
});

describe('the end of a session', () => {
  test('frees all its leases in the same step and passes each on to the next in line', () => {
    const law = new Law();
    law.openSession('s', 'ann');
    law.grant('a', { session: 's' });
    law.grant('b', { session: 's' });
    law.grant('other', { user: 'ann' });
    const waiter = law.queue('b', { user: 'bob' });
    const { outcome, changes, events } = law.closeSession('s');
    expect(outcome).toEqual({ kind: 'session_closed' });
    expect(events.map(({ type, subject }) => [type, subject.lockName])).toEqual([
      ['released', 'a'],
      ['released', 'b'],
      ['acquired', 'b'],
    ]);
    expect(changes.map(({ kind }) => kind)).toEqual([
      'lease_ended',
      'lease_ended',
      'lease_granted',
      'session_removed',
    ]);
    expect(law.answerTo(waiter)?.kind).toBe('acquired');
    expect(law.holding('a')).toBeNull();
    expect(law.holding('other')).not.toBeNull();
    expect(law.state.sessionCount).toBe(0);
  });

  test('by silence reports its leases as expired', () => {
    const law = new Law();
    law.openSession('s', 'ann', 10);
    law.grant('a', { session: 's' });
    law.advance(10_001);
    expect(law.holding('a')).toBeNull();
    const { events, changes } = law.sweep();
    expect(events).toEqual([
      expect.objectContaining({
        type: 'expired',
        actor: { kind: 'service' },
        subject: { kind: 'lock', lockName: 'a' },
      }),
    ]);
    expect(changes).toEqual([
      expect.objectContaining({ kind: 'lease_ended' }),
      { kind: 'session_saved', session: expect.objectContaining({ state: 'expired' }) },
    ]);
  });

  test('never passes a lock on to a waiter of the same session', () => {
    const law = new Law();
    law.openSession('s', 'ann', 10);
    law.openSession('t', 'ann', 60);
    law.grant('a', { session: 's' });
    law.grant('b', { session: 't' });
    const own = law.queue('b', { session: 's' });
    law.closeSession('s');
    expect(law.answerTo(own)).toEqual({ kind: 'session_not_found' });
    expect(law.state.queueLength(lock('b'))).toBe(0);
    law.closeSession('t');
    expect(law.holding('b')).toBeNull();
  });

  test('tells its waiters that it expired', () => {
    const law = new Law();
    law.openSession('s', 'bob', 10);
    law.grant('a', { ttl: 60 });
    const waiter = law.queue('a', { user: 'bob', session: 's' });
    law.advance(10_001);
    law.sweep();
    expect(law.answerTo(waiter)).toEqual({ kind: 'session_expired' });
  });

  test('lets no overdue session be granted anything, and serves the next in line instead', () => {
    const law = new Law();
    law.openSession('s', 'bob', 10);
    const lease = law.grant('a', { ttl: 60 });
    const overdue = law.queue('a', { user: 'bob', session: 's' });
    const next = law.queue('a', { user: 'cid' });
    law.advance(10_001);
    law.release(lease);
    expect(law.answerTo(overdue)).toEqual({ kind: 'session_expired' });
    expect(law.answerTo(next)?.kind).toBe('acquired');
  });

  test('is not undone by a renewal of one of its leases', () => {
    const law = new Law();
    law.openSession('s', 'ann');
    const lease = law.grant('a', { session: 's' });
    law.closeSession('s');
    expect(law.renew(lease).outcome).toEqual({ kind: 'lock_not_found' });
  });
});

describe('a session that is over', () => {
  test('is unknown once it was closed', () => {
    const law = new Law();
    law.openSession('s');
    law.closeSession('s');
    expect(law.keepAlive('s').outcome).toEqual({ kind: 'session_not_found' });
    expect(law.closeSession('s').outcome).toEqual({ kind: 'session_not_found' });
    expect(law.acquire('a', { session: 's' })).toEqual({ kind: 'session_not_found' });
  });

  test('is remembered as expired for an hour, and unknown after that', () => {
    const law = new Law();
    law.openSession('s', 'ann', 10);
    law.advance(10_001);
    law.sweep();
    law.advance(HOUR_MS);
    law.sweep();
    expect(law.keepAlive('s').outcome).toEqual({ kind: 'session_expired' });
    expect(law.closeSession('s').outcome).toEqual({ kind: 'session_expired' });
    expect(law.acquire('a', { session: 's' })).toEqual({ kind: 'session_expired' });
    law.advance(1);
    expect(law.sweep().changes).toEqual([expect.objectContaining({ kind: 'session_removed' })]);
    expect(law.keepAlive('s').outcome).toEqual({ kind: 'session_not_found' });
    expect(law.state.session(sessionId('s'))).toBeNull();
  });

  test('expires once, however often it is asked for', () => {
    const law = new Law();
    law.openSession('s', 'ann', 10);
    law.grant('a', { session: 's' });
    law.advance(10_001);
    law.keepAlive('s');
    law.keepAlive('s');
    law.sweep();
    expect(law.events.map(({ type }) => type)).toEqual(['acquired', 'expired']);
    expect(law.changes.filter(({ kind }) => kind === 'session_saved')).toHaveLength(2);
  });

  test('of another user is unknown, alive or not', () => {
    const law = new Law();
    law.openSession('s', 'ann', 10);
    expect(law.keepAlive('s', 'bob').outcome).toEqual({ kind: 'session_not_found' });
    expect(law.closeSession('s', 'bob').outcome).toEqual({ kind: 'session_not_found' });
    law.advance(10_001);
    expect(law.keepAlive('s', 'bob').outcome).toEqual({ kind: 'session_not_found' });
    expect(law.state.session(sessionId('s'))?.state).toBe('active');
  });
});

function open(law: Law, name: string, owner = 'ann'): string {
  const ids = { sessionId: sessionId(name), userId: user(owner) };
  return law.do({ kind: 'open_session', ...ids, ttlSeconds: 10, madeWith: null }).outcome.kind;
}

describe('the session limit', () => {
  test('counts the sessions of one user', () => {
    const law = new Law({ maxSessionsPerUser: 2 });
    expect(['s1', 's2', 's3'].map((name) => open(law, name))).toEqual([
      'session_opened',
      'session_opened',
      'session_limit_exceeded',
    ]);
    expect(open(law, 't1', 'bob')).toBe('session_opened');
  });

  test('has room again when one was closed', () => {
    const law = new Law({ maxSessionsPerUser: 1 });
    open(law, 's1');
    law.closeSession('s1');
    expect(open(law, 's2')).toBe('session_opened');
  });

  test('does not count expired ones, with no sweep', () => {
    const law = new Law({ maxSessionsPerUser: 1 });
    open(law, 's1');
    law.advance(10_000);
    expect(open(law, 's2')).toBe('session_limit_exceeded');
    law.advance(1);
    expect(open(law, 's2')).toBe('session_opened');
  });

  test('counts those that are alive, also when something else is overdue', () => {
    const law = new Law({ maxSessionsPerUser: 1 });
    law.grant('a', { user: 'bob', ttl: 1 });
    open(law, 's1');
    law.advance(1_001);
    expect(open(law, 's2')).toBe('session_limit_exceeded');
  });

  test('does not count remembered ones', () => {
    const law = new Law({ maxSessionsPerUser: 1 });
    open(law, 's1');
    law.advance(10_001);
    law.sweep();
    expect(open(law, 's2')).toBe('session_opened');
    expect(law.state.sessionCount).toBe(1);
  });

  test('counts a session once, however often it was kept alive', () => {
    const law = new Law({ maxSessionsPerUser: 2 });
    open(law, 's1');
    for (let times = 0; times < 5; times += 1) law.keepAlive('s1');
    expect(open(law, 's2')).toBe('session_opened');
    expect(law.state.sessionCount).toBe(2);
  });
});

describe('expired sessions are remembered', () => {
  /** Opens sessions one after the other, each of which expires before the next one. */
  function expireInTurn(law: Law, names: readonly string[], owner = 'ann'): void {
    for (const name of names) {
      law.openSession(name, owner, 10);
      law.advance(10_001);
      law.sweep();
    }
  }

  test('for a user as many as may be alive: the one that expired longest ago is forgotten', () => {
    const law = new Law({ maxSessionsPerUser: 2 });
    expireInTurn(law, ['s1', 's2', 's3']);
    expect(['s1', 's2', 's3'].map((name) => law.keepAlive(name).outcome.kind)).toEqual([
      'session_not_found',
      'session_expired',
      'session_expired',
    ]);
    expect(law.state.rememberedSessionCount).toBe(2);
    expect(law.changes.filter(({ kind }) => kind === 'session_removed')).toHaveLength(1);
  });

  test('without counting among those that are alive', () => {
    const law = new Law({ maxSessionsPerUser: 2 });
    expireInTurn(law, ['s1', 's2']);
    expect(['s3', 's4', 's5'].map((name) => open(law, name))).toEqual([
      'session_opened',
      'session_opened',
      'session_limit_exceeded',
    ]);
  });

  test('of one user whatever another one does', () => {
    const law = new Law({ maxSessionsPerUser: 1 });
    expireInTurn(law, ['t1'], 'bob');
    expireInTurn(law, ['s1', 's2', 's3']);
    expect(law.keepAlive('t1', 'bob').outcome.kind).toBe('session_expired');
  });

  test('also when all expire in one step', () => {
    const law = new Law({ maxSessionsPerUser: 3 });
    expireInTurn(law, ['old']);
    for (const name of ['s1', 's2', 's3']) law.openSession(name, 'ann', 10);
    law.advance(10_001);
    law.sweep();
    expect(law.state.rememberedSessionCount).toBe(3);
    expect(law.keepAlive('old').outcome.kind).toBe('session_not_found');
  });
});

describe('the limit of sessions for all users together', () => {
  test('refuses a session when all that are kept are alive', () => {
    const law = new Law({ maxSessions: 2 });
    law.openSession('s1', 'ann');
    law.openSession('s2', 'bob');
    const ids = { sessionId: sessionId('s3'), userId: user('cid') };
    const refused = law.do({ kind: 'open_session', ...ids, ttlSeconds: 10, madeWith: null });
    expect(refused).toMatchObject({ outcome: { kind: 'too_many_sessions', limit: 2 }, changes: [] });
    law.closeSession('s1');
    expect(open(law, 's4', 'cid')).toBe('session_opened');
  });

  test('is never used up by sessions that are only remembered', () => {
    const law = new Law({ maxSessions: 2 });
    law.openSession('s1', 'ann', 10);
    law.advance(1);
    law.openSession('s2', 'bob', 10);
    law.advance(10_001);
    law.sweep();
    expect(open(law, 's3', 'cid')).toBe('session_opened');
    expect(law.keepAlive('s1', 'ann').outcome.kind).toBe('session_not_found');
    expect(law.keepAlive('s2', 'bob').outcome.kind).toBe('session_expired');
    expect(law.state.keptSessionCount).toBe(2);
  });
});

describe('the leases of a session', () => {
  test('are counted while they live', () => {
    const law = new Law();
    const { sessionId } = law.openSession('s', 'ann', 60);
    law.grant('a', { session: 's', ttl: 5 });
    const b = law.grant('b', { session: 's', ttl: 60 });
    law.grant('c', { session: null });
    expect(law.state.liveLeaseCountOfSession(sessionId, law.now)).toBe(2);
    law.advance(5_001);
    expect(law.state.liveLeaseCountOfSession(sessionId, law.now)).toBe(1);
    law.release(b);
    expect(law.state.liveLeaseCountOfSession(sessionId, law.now)).toBe(0);
  });
});
