import { describe, expect, test } from 'vitest';
import { DurableRows } from '../../lab/kit/law/durable-rows.js';
import { recover } from '../../src/core/recovery.js';
import { delayedUntil, heldBy, Law, leaseId, lock, user } from '../support/law.js';

/** What the former holder of a lease is told. */
function brokenAnswer(law: Law, more: object = {}): object {
  const broken = { brokenBy: user('root'), reason: 'stuck', brokenAt: law.now, ...more };
  return { kind: 'lease_broken', broken: expect.objectContaining(broken) };
}

describe('breaking a lock', () => {
  test('ends the lease, says who and why, and lets the next one in', () => {
    const law = new Law();
    const lease = law.grant('a', { metadata: 'm' });
    const waiter = law.queue('a', { user: 'bob' });
    expect(law.breakLock('a')).toEqual({ kind: 'broken', leases: [lease], endedCooling: false, more: false });
    expect(law.settlements).toMatchObject([{ ticketId: waiter, answer: { kind: 'acquired' } }]);
    expect(law.events[1]).toMatchObject({
      type: 'broken',
      actor: { kind: 'user', userId: 'root' },
      subject: { lockName: 'a' },
      body: { holder: lease.holder, fencingToken: 1, metadata: 'm', leaseLocks: ['a'], reason: 'stuck' },
    });
  });

  test('with the admin key is done by an administrator', () => {
    const law = new Law();
    law.grant('a');
    law.breakLock('a', undefined, null);
    expect(law.events.at(-1)).toMatchObject({ actor: { kind: 'administrator' } });
  });

  test('ends all leases of it, and those of several locks as a whole', () => {
    const law = new Law();
    law.grant('a', { user: 'u1', mode: 'shared' });
    law.grant([{ name: 'b' }, { name: 'a', mode: 'shared' }], { user: 'u2' });
    expect(law.breakLock('a')).toMatchObject({ leases: [{ fencingToken: 1 }, { fencingToken: 2 }] });
    expect([law.holding('a'), law.holding('b')]).toEqual([null, null]);
    expect(law.events.slice(3).map(({ type, subject }) => `${type} ${subject.lockName}`)).toEqual([
      'broken a',
      'broken b',
      'broken a',
    ]);
  });

  test('ends only the lease with the given token', () => {
    const law = new Law();
    const [first, second] = ['u1', 'u2'].map((name) => law.grant('a', { user: name, mode: 'shared' }));
    expect(law.breakLock('a', second)).toMatchObject({ kind: 'broken', leases: [second] });
    expect(law.holding('a')).toEqual(first);
    expect(law.breakLock('a', second)).toEqual({ kind: 'lock_not_found' });
  });

  test('of two leases with the same id at the same instant is told about the later lease', () => {
    const law = new Law();
    law.grant('a', { leaseId: 'mine' });
    law.grant('b', { leaseId: 'mine' });
    law.breakLock('b');
    law.breakLock('a');
    expect(law.renewById('mine').outcome).toMatchObject({
      kind: 'lease_broken',
      broken: { fencingToken: 2 },
    });
  });

  test('does not end leases that were granted later', () => {
    const law = new Law();
    const first = law.grant('a', { user: 'u1', mode: 'shared' });
    const { fencingToken } = first;
    const second = law.grant('a', { user: 'u2', mode: 'shared' });
    const command = {
      lockName: lock('a'),
      brokenBy: null,
      reason: 'r',
      which: 'through',
      fencingToken,
    } as const;
    expect(law.do({ kind: 'break', ...command }).outcome).toMatchObject({ leases: [first], more: false });
    expect(law.holding('a')).toEqual(second);
  });

  test('leaves one whose time is up to expire', () => {
    const law = new Law();
    law.grant('a', { ttl: 10 });
    law.advance(10_001);
    expect(law.breakLock('a')).toEqual({ kind: 'lock_not_found' });
    expect(law.events.at(-1)?.type).toBe('expired');
  });

  test.each([
    [1_000, false],
    [1_001, true],
  ])('of %i leases in one step leaves more: %s', (count, more) => {
    const law = new Law({ maxLocks: 2_000 });
    for (let n = 0; n < count; n += 1) law.grant('a', { user: `u${n}`, mode: 'shared' });
    const outcome = law.breakLock('a');
    expect(outcome).toMatchObject({ kind: 'broken', more });
    expect(outcome.kind === 'broken' && outcome.leases.length).toBe(1_000);
    expect(law.breakLock('a').kind).toBe(more ? 'broken' : 'lock_not_found');
  });

  test('that no one holds is not possible', () => {
    const law = new Law();
    expect(law.breakLock('a')).toEqual({ kind: 'lock_not_found' });
  });
});

describe('the cooling of a lock', () => {
  test('begins with the break if it has a delay, whatever its minimum hold time', () => {
    const law = new Law();
    law.grant('a', { ttl: 600, lockDelay: 30, minHold: 600 });
    law.advance(1_000);
    law.breakLock('a');
    expect(law.acquire('a', { user: 'bob' })).toEqual(delayedUntil('a', law.now + 30_000, 30_000));
  });

  test('does not begin because of a minimum hold time alone', () => {
    const law = new Law();
    law.grant('a', { minHold: 30 });
    law.breakLock('a');
    expect(law.acquire('a', { user: 'bob' }).kind).toBe('acquired');
  });

  test('ends with a break, and the next in line gets it', () => {
    const law = new Law();
    law.release(law.grant('a', { minHold: 30 }));
    const waiter = law.queue('a', { user: 'bob' });
    const only = law.grant('b');
    expect(law.breakLock('a', only)).toEqual({ kind: 'lock_not_found' });
    expect(law.breakLock('a')).toEqual({ kind: 'broken', leases: [], endedCooling: true, more: false });
    expect(law.settlements).toMatchObject([{ ticketId: waiter, answer: { kind: 'acquired' } }]);
  });
});

describe('the former holder', () => {
  test.each<[string, (law: Law) => unknown]>([
    ['renewing by lock', (law) => law.renew(mine).outcome],
    ['renewing by id', (law) => law.renewById('mine').outcome],
    ['releasing by lock', (law) => law.release(mine).outcome],
    ['releasing by id', (law) => law.releaseById('mine').outcome],
    ['converting', (law) => law.convert(mine, 'shared')],
    ['acquiring with the same id', (law) => law.acquire('a', { leaseId: 'mine' })],
    ['acquiring with the same id and other locks', (law) => law.acquire(['x', 'a'], { leaseId: 'mine' })],
    ['asking with the same id', (law) => law.ask('a', { leaseId: 'mine' })],
  ])('is told when %s', (_, act) => {
    const law = new Law();
    law.grant('a', { leaseId: 'mine' });
    law.breakLock('a');
    expect(act(law)).toEqual(brokenAnswer(law));
  });

  const mine = new Law().grant('a', { leaseId: 'mine' });

  test('is told even if someone else has the lock by now', () => {
    const law = new Law();
    law.grant('a', { leaseId: 'mine' });
    law.breakLock('a');
    law.grant('a', { user: 'bob' });
    expect(law.acquire('a', { leaseId: 'mine' })).toEqual(brokenAnswer(law));
  });

  test('may ask again under another id, or under the same for another lock', () => {
    const law = new Law();
    law.grant('a', { leaseId: 'mine' });
    law.breakLock('a');
    expect(law.acquire('b', { leaseId: 'mine' }).kind).toBe('acquired');
    expect(law.acquire('a').kind).toBe('acquired');
  });

  test('is told about the lock that it names, and the latest break if it names none', () => {
    const law = new Law();
    const a = law.grant('a', { leaseId: 'mine' });
    const b = law.grant('b', { leaseId: 'mine' });
    law.breakLock('b');
    law.advance(1_000);
    law.breakLock('a');
    expect(law.renewById('mine').outcome).toEqual(brokenAnswer(law, { fencingToken: a.fencingToken }));
    expect(law.renew(b).outcome).toMatchObject({ broken: { fencingToken: b.fencingToken } });
    expect(law.renew({ ...a, lockName: lock('c') }).outcome).toEqual({ kind: 'lock_not_found' });
  });

  test('is not mixed up with others', () => {
    const law = new Law();
    law.grant('a', { leaseId: 'mine' });
    law.breakLock('a');
    expect(law.renewById('mine', 'bob').outcome).toEqual({ kind: 'lock_not_found' });
    const lease = law.grant('a', { user: 'bob', leaseId: 'mine' });
    expect(law.acquire('a')).toEqual(heldBy(lease, 60_000));
  });

  test('is told for an hour', () => {
    const law = new Law();
    const lease = law.grant('a', { leaseId: 'mine' });
    law.breakLock('a');
    law.advance(3_600_000);
    expect(law.renew(lease).outcome.kind).toBe('lease_broken');
    law.advance(1);
    expect(law.renew(lease).outcome).toEqual({ kind: 'lock_not_found' });
    expect(law.acquire('a', { leaseId: 'mine' }).kind).toBe('acquired');
  });

  test('is forgotten by the sweep then, and nothing of it is left', () => {
    const law = new Law();
    law.grant('a', { leaseId: 'mine' });
    law.breakLock('a');
    law.advance(3_600_001);
    expect(law.sweep().changes).toMatchObject([{ kind: 'broken_lease_forgotten' }]);
    expect(law.state.hasBrokenLeases).toBe(false);
    expect(law.state.brokenLeasesWithId(user('ann'), leaseId('mine'), law.now)).toEqual([]);
    expect(law.state.earliestDue()).toBeUndefined();
  });

  test('is told after a restart, too', () => {
    const law = new Law();
    const lease = law.grant('a', { leaseId: 'mine' });
    law.breakLock('a');
    const rows = new DurableRows();
    for (const change of law.changes) rows.write(change);
    const { state } = recover(rows.load(law.state.lastFencingToken, law.state.lastSequence), law.now, 10);
    const after = new Law({}, state);
    expect(after.renew(lease).outcome).toMatchObject({ kind: 'lease_broken', broken: { reason: 'stuck' } });
  });

  test('learns of the latest break after a restart, too, whichever lease was granted first', () => {
    const law = new Law();
    const a = law.grant('a', { leaseId: 'mine' });
    law.grant('b', { leaseId: 'mine' });
    law.breakLock('b');
    law.advance(1_000);
    law.breakLock('a');
    const rows = new DurableRows();
    for (const change of law.changes) rows.write(change);
    const loaded = rows.load(law.state.lastFencingToken, law.state.lastSequence);
    const byToken = [...loaded.brokenLeases].toSorted((one, other) => one.fencingToken - other.fencingToken);
    const { state } = recover({ ...loaded, brokenLeases: byToken }, law.now, 10);
    const after = new Law({}, state);
    expect(after.renewById('mine').outcome).toMatchObject({ broken: { fencingToken: a.fencingToken } });
  });
});
