import { describe, expect, test } from 'vitest';
import { Law, lock, user } from '../support/law.js';

describe('a request to release', () => {
  test('is an event about the lease that was granted first, by the one who asks', () => {
    const law = new Law();
    const lease = law.grant('a', { mode: 'shared', metadata: 'm' });
    law.grant('a', { user: 'bob', mode: 'shared' });
    expect(law.requestRelease('a', 'please', 'cid')).toEqual({ kind: 'release_requested' });
    expect(law.events.at(-1)).toEqual({
      sequence: 3,
      at: law.now,
      actor: { kind: 'user', userId: 'cid' },
      subject: { kind: 'lock', lockName: 'a' },
      type: 'release_requested',
      body: {
        holder: lease.holder,
        fencingToken: 1,
        metadata: 'm',
        hold: { mode: 'shared' },
        leaseLocks: ['a'],
        expiresAt: lease.deadline,
        message: 'please',
      },
    });
    expect(law.changes).toHaveLength(2);
  });

  test('is told to each holder whenever it renews', () => {
    const law = new Law();
    const leases = ['u1', 'u2'].map((name) => law.grant('a', { user: name, mode: 'shared' }));
    law.requestRelease('a', 'please');
    const releaseRequest = { requestedBy: user('bob'), message: 'please', at: law.now, through: 2 };
    law.advance(1_000);
    for (const lease of [...leases, ...leases]) {
      expect(law.renew(lease).outcome).toMatchObject({ kind: 'renewed', releaseRequest });
    }
  });

  test('is not told to those who got the lock after it', () => {
    const law = new Law();
    law.grant('a', { user: 'u1', mode: 'shared' });
    law.requestRelease('a');
    const later = law.grant('a', { user: 'u2', mode: 'shared' });
    expect(law.renew(later).outcome).toMatchObject({ releaseRequest: null });
  });

  test('is forgotten once no one holds the lock', () => {
    const law = new Law();
    const first = law.grant('a');
    law.requestRelease('a');
    law.release(first);
    const next = law.grant('a');
    expect(law.renew(next).outcome).toMatchObject({ releaseRequest: null });
    expect(law.state.releaseRequestFor(first)).toBeNull();
  });

  test('replaces an earlier one', () => {
    const law = new Law();
    const lease = law.grant('a');
    law.requestRelease('a', 'first');
    law.requestRelease('a', 'second');
    expect(law.renew(lease).outcome).toMatchObject({ releaseRequest: { message: 'second' } });
  });

  test.each([
    [['a', 'b'], 'b'],
    [['b', 'a'], 'a'],
  ])('of several locks, in the order %j, tells the latest', (order, latest) => {
    const law = new Law();
    const lease = law.grant(['x', 'a', 'b']);
    for (const name of order) {
      law.requestRelease(name, name);
      law.advance(1);
    }
    expect(law.renew(lease).outcome).toMatchObject({ releaseRequest: { message: latest } });
  });

  test('finds no lease if no one holds the lock', () => {
    const law = new Law();
    expect(law.requestRelease('a')).toEqual({ kind: 'lock_not_found' });
    law.grant('a', { ttl: 10 });
    law.advance(10_001);
    expect(law.requestRelease('a')).toEqual({ kind: 'lock_not_found' });
    expect(law.state.lock(lock('a'))).toBeNull();
  });

  test.each([
    [2, 'numbers_exhausted'],
    [3, 'release_requested'],
  ])('with %i sequences before the grant is answered %s', (sequences, kind) => {
    const law = Law.before(sequences);
    law.grant('a');
    expect(law.requestRelease('a').kind).toBe(kind);
  });
});
