import { describe, expect, test } from 'vitest';
import { SHARED } from '../../src/core/model/demand.js';
import { USUAL_TERMS } from '../../src/core/model/lease.js';
import { heldBy, Law, lock } from '../support/law.js';

/** The events of a law as `type lock token mode`. */
function eventsOf(law: Law): string[] {
  return law.events.map(({ type, subject, body }) => {
    return `${type} ${subject.lockName} ${body.fencingToken} ${body.hold.mode}`;
  });
}

describe('from exclusive to shared', () => {
  test('the lease stays the same, with its token and its deadline', () => {
    const law = new Law();
    const lease = law.grant('a', { ttl: 30 });
    law.advance(5_000);
    const shared = law.converted(lease, 'shared');
    expect(shared).toEqual({ ...lease, terms: { ...USUAL_TERMS, hold: SHARED } });
    expect(law.holding('a')).toEqual(shared);
    expect(eventsOf(law)).toEqual(['acquired a 1 exclusive', 'renewed a 1 shared']);
  });

  test('the readers at the head of the line get it in the same step, and no writer behind them', () => {
    const law = new Law();
    const lease = law.grant('a');
    const readers = ['u1', 'u2'].map((user) => law.queue('a', { user, mode: 'shared' }));
    law.queue('a', { user: 'u3' });
    law.converted(lease, 'shared');
    expect(law.settlements.map(({ ticketId }) => ticketId)).toEqual(readers);
    expect(law.state.holders(lock('a'), law.now, 10).count).toBe(3);
  });

  test('of several locks, only the one that is named', () => {
    const law = new Law();
    const lease = law.grant(['a', 'b']);
    const waiting = ['a', 'b'].map((name) => law.queue(name, { user: 'bob', mode: 'shared' }));
    const converted = law.converted(lease, 'shared', lock('b'));
    expect(converted.fencingToken).toBe(lease.fencingToken);
    expect(law.settlements.map(({ ticketId }) => ticketId)).toEqual(waiting.slice(1));
    expect(eventsOf(law).slice(2, 4)).toEqual(['renewed a 1 exclusive', 'renewed b 1 shared']);
  });

  test('of three locks, not the third', () => {
    const law = new Law();
    const lease = law.grant(['a', 'b', 'c']);
    const { terms } = law.converted(lease, 'shared', lock('b'));
    expect(terms).toMatchObject({
      hold: { mode: 'exclusive' },
      others: [
        { lockName: 'b', hold: { mode: 'shared' } },
        { lockName: 'c', hold: { mode: 'exclusive' } },
      ],
    });
  });

  test('needs a sequence for the event', () => {
    const law = Law.before(2);
    expect(law.convert(law.grant('a'), 'shared')).toEqual({ kind: 'numbers_exhausted' });
  });
});

describe('from shared to exclusive', () => {
  test('the sole holder gets a new token, and all else stays', () => {
    const law = new Law();
    const lease = law.grant('a', { mode: 'shared', ttl: 30, metadata: 'm', leaseId: 'mine' });
    law.advance(5_000);
    const own = law.converted(lease, 'exclusive');
    expect(own).toEqual({ ...lease, fencingToken: 2, terms: USUAL_TERMS });
    expect(own.terms).toBe(USUAL_TERMS);
    expect(eventsOf(law).slice(1)).toEqual(['released a 1 shared', 'acquired a 2 exclusive']);
    expect(law.acquire('a', { user: 'bob', mode: 'shared' })).toEqual(heldBy(own, 25_000));
    expect(law.renew(own).outcome.kind).toBe('renewed');
  });

  test('goes before those in line', () => {
    const law = new Law();
    const lease = law.grant('a', { mode: 'shared' });
    law.queue('a', { user: 'bob' });
    expect(law.convert(lease, 'exclusive').kind).toBe('converted');
    expect(law.settlements).toEqual([]);
  });

  test('is refused while someone else holds the lock, and names the first of the others', () => {
    const law = new Law();
    const lease = law.grant('a', { mode: 'shared' });
    const other = law.grant('a', { user: 'bob', mode: 'shared', ttl: 20 });
    law.grant('a', { user: 'cid', mode: 'shared' });
    expect(law.convert(lease, 'exclusive')).toEqual(heldBy(other, 20_000));
    expect(law.convert(other, 'exclusive')).toEqual(heldBy(lease, 60_000));
    expect(law.changes).toHaveLength(3);
  });

  test('does not mind one whose time is up', () => {
    const law = new Law();
    const lease = law.grant('a', { mode: 'shared' });
    law.grant('a', { user: 'bob', mode: 'shared', ttl: 20 });
    law.advance(20_001);
    expect(law.convert(lease, 'exclusive').kind).toBe('converted');
  });

  test('of several locks, gives the whole lease the new token', () => {
    const law = new Law();
    const lease = law.grant([{ name: 'a', mode: 'shared' }, 'b', { name: 'c', mode: 'shared' }]);
    const reader = law.grant('c', { user: 'bob', mode: 'shared' });
    const own = law.converted(lease, 'exclusive');
    expect(own.fencingToken).toBe(3);
    expect(law.holding('b')?.fencingToken).toBe(3);
    const { holders } = law.state.holders(lock('c'), law.now, 10);
    expect(holders.map((held) => held.lease.fencingToken)).toEqual([reader.fencingToken, 3]);
    expect(eventsOf(law).slice(4)).toEqual([
      'released a 1 shared',
      'released b 1 exclusive',
      'released c 1 shared',
      'acquired a 3 exclusive',
      'acquired b 3 exclusive',
      'acquired c 3 shared',
    ]);
  });

  test('keeps the lease in its session', () => {
    const law = new Law();
    law.openSession('s');
    law.converted(law.grant('a', { session: 's', mode: 'shared' }), 'exclusive');
    law.closeSession('s');
    expect(law.holding('a')).toBeNull();
  });

  test.each([
    [3, 'numbers_exhausted'],
    [4, 'converted'],
  ])('with %i sequences before the grant is answered %s', (sequences, kind) => {
    const law = Law.before(sequences);
    expect(law.convert(law.grant('a', { mode: 'shared' }), 'exclusive').kind).toBe(kind);
  });
});

describe('converting', () => {
  test.each(['exclusive', 'shared'] as const)('to %s, which it is already, changes nothing', (mode) => {
    const law = new Law();
    const lease = law.grant('a', { mode });
    expect(law.convert(lease, mode)).toEqual({ kind: 'converted', lease });
    expect(law.changes).toHaveLength(1);
  });

  test('there and back is the usual lease again, and a repeat is about the mode of now', () => {
    const law = new Law();
    const lease = law.grant('a', { leaseId: 'mine' });
    law.converted(lease, 'shared');
    expect(law.acquire('a', { leaseId: 'mine' })).toEqual({ kind: 'lease_mismatch' });
    expect(law.acquire('a', { leaseId: 'mine', mode: 'shared' }).kind).toBe('already_held');
  });

  test('permits have no other mode', () => {
    const law = new Law();
    const lease = law.grant('a', { limit: 2 });
    expect(law.convert(lease, 'shared')).toEqual({ kind: 'not_convertible' });
  });

  test('takes a lease that is yours and alive', () => {
    const law = new Law();
    const lease = law.grant('a', { ttl: 10 });
    const theirs = { ...lease, holder: { ...lease.holder, userId: 'bob' as never } };
    expect(law.convert(theirs, 'shared')).toEqual({ kind: 'lock_not_found' });
    law.advance(10_001);
    expect(law.convert(lease, 'shared')).toEqual({ kind: 'lock_not_found' });
  });
});
