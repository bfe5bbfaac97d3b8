import { describe, expect, test } from 'vitest';
import type { Lease } from '../../src/core/model/lease.js';
import { Law } from '../support/law.js';

function slotsOf({ terms }: Lease): readonly number[] {
  if (terms.hold.mode !== 'counted') throw new Error('the lease is not counted');
  return terms.hold.slots;
}

describe('the slots of a counted lock', () => {
  test('are given from the lowest on', () => {
    const law = new Law();
    const leases = [1, 2, 1].map((permits, index) =>
      law.grant('a', { user: `u${index}`, limit: 5, permits }),
    );
    expect(leases.map(slotsOf)).toEqual([[0], [1, 2], [3]]);
  });

  test('are the lowest that are free, even with gaps', () => {
    const law = new Law();
    const leases = [0, 1, 2, 3].map((index) => law.grant('a', { user: `u${index}`, limit: 5 }));
    for (const index of [0, 2]) law.release(leases[index] ?? fail());
    expect(slotsOf(law.grant('a', { user: 'x', limit: 5, permits: 3 }))).toEqual([0, 2, 4]);
  });

  test('stay the same when the lease is renewed', () => {
    const law = new Law();
    const first = law.grant('a', { user: 'u0', limit: 3 });
    const second = law.grant('a', { user: 'u1', limit: 3 });
    law.release(first);
    const { outcome } = law.renew(second);
    expect(outcome).toEqual({
      kind: 'renewed',
      lease: { ...second, deadline: law.now + 60_000 },
      releaseRequest: null,
    });
  });

  test('are told in each event', () => {
    const law = new Law();
    law.grant('a', { user: 'u0', limit: 3 });
    law.release(law.grant('a', { user: 'u1', limit: 3, permits: 2 }));
    expect(law.events.map(({ body }) => body.hold)).toEqual([
      { mode: 'counted', limit: 3, slots: [0] },
      { mode: 'counted', limit: 3, slots: [1, 2] },
      { mode: 'counted', limit: 3, slots: [1, 2] },
    ]);
  });
});

describe('the permits of a counted lock', () => {
  test.each([
    [1, 'acquired'],
    [2, 'acquired'],
    [3, 'conflict'],
  ])('of 5 with 3 in use: %i is %s', (permits, expected) => {
    const law = new Law();
    law.grant('a', { user: 'ann', limit: 5, permits: 3 });
    expect(law.acquire('a', { user: 'bob', limit: 5, permits }).kind).toBe(expected);
  });

  test('of an overdue lease are free again', () => {
    const law = new Law();
    law.grant('a', { user: 'ann', limit: 2, permits: 2, ttl: 5 });
    law.advance(5_001);
    expect(slotsOf(law.grant('a', { user: 'bob', limit: 2 }))).toEqual([0]);
  });

  test('all at once are as good as an exclusive lock', () => {
    const law = new Law();
    const all = law.grant('a', { user: 'ann', limit: 2, permits: 2 });
    expect(law.acquire('a', { user: 'bob', limit: 2 })).toEqual({
      kind: 'conflict',
      lockName: 'a',
      obstacle: { kind: 'held', lease: all },
      retryAfterMs: 60_000,
      place: null,
    });
  });
});

describe('another limit', () => {
  test('than that of the holders does not fit, and theirs is told', () => {
    const law = new Law();
    const lease = law.grant('a', { user: 'ann', limit: 5 });
    expect(law.acquire('a', { user: 'bob', limit: 4 })).toEqual({
      kind: 'conflict',
      lockName: 'a',
      obstacle: { kind: 'limit_mismatch', limit: 5, by: { kind: 'held', lease } },
      retryAfterMs: 60_000,
      place: null,
    });
  });

  test('waits in line if it may, and has the lock when the holders are gone', () => {
    const law = new Law();
    const lease = law.grant('a', { user: 'ann', limit: 5 });
    const waiter = law.queue('a', { user: 'bob', limit: 4 });
    law.release(lease);
    expect(law.grantedTo(waiter).terms.hold).toEqual({ mode: 'counted', limit: 4, slots: [0] });
  });

  test('matters only to counted requests', () => {
    const law = new Law();
    const lease = law.grant('a', { user: 'ann', limit: 5 });
    expect(law.acquire('a', { user: 'bob' })).toMatchObject({ obstacle: { kind: 'held', lease } });
    expect(law.acquire('a', { user: 'bob', mode: 'shared' })).toMatchObject({
      obstacle: { kind: 'held', lease },
    });
  });

  test('than that of a waiter does not count while another holds the lock in another mode', () => {
    const law = new Law();
    const lease = law.grant('a', { user: 'ann' });
    law.queue('a', { user: 'bob', limit: 5 });
    expect(law.acquire('a', { user: 'cid', limit: 4 })).toMatchObject({ obstacle: { kind: 'held', lease } });
  });

  test('than that of the first who asks for a free lock is told', () => {
    const law = new Law();
    law.grant('b', { user: 'ann' });
    // It asks for both, so it waits at a free lock.
    law.queue([{ name: 'a', limit: 5 }, 'b'], { user: 'bob', seconds: 20 });
    expect(law.acquire('a', { user: 'cid', limit: 4 })).toEqual({
      kind: 'conflict',
      lockName: 'a',
      obstacle: { kind: 'limit_mismatch', limit: 5, by: { kind: 'queued', until: law.now + 20_000 } },
      retryAfterMs: 20_000,
      place: null,
    });
  });

  test('than that of the holders is told even if others stand in line', () => {
    const law = new Law();
    const lease = law.grant('a', { user: 'ann', limit: 5 });
    law.queue('a', { user: 'bob', limit: 4 });
    expect(law.acquire('a', { user: 'cid', limit: 4 })).toMatchObject({
      obstacle: { kind: 'limit_mismatch', limit: 5, by: { kind: 'held', lease } },
    });
  });
});

test('the same limit with room, but others ask first: queued', () => {
  const law = new Law();
  law.grant('a', { user: 'ann', limit: 3, permits: 2 });
  law.queue('a', { user: 'bob', limit: 3, permits: 2, seconds: 8 });
  expect(law.acquire('a', { user: 'cid', limit: 3 })).toEqual({
    kind: 'conflict',
    lockName: 'a',
    obstacle: { kind: 'queued', until: law.now + 8_000 },
    retryAfterMs: 8_000,
    place: null,
  });
});

function fail(): never {
  throw new Error('no such lease');
}
