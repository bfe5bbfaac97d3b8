import { describe, expect, test } from 'vitest';
import type { Change } from '../../src/core/model/change.js';
import { EXCLUSIVE, SHARED } from '../../src/core/model/demand.js';
import { USUAL_TERMS, type Lease } from '../../src/core/model/lease.js';
import { RowChanges } from '../../src/journal/row-changes.js';
import {
  brokenLeaseFromRow,
  coolingFromRow,
  fenceFromRow,
  leaseFromRow,
  sessionFromRow,
  writeChange,
} from '../../src/store/commit/codec.js';
import { toLogged } from '../../src/store/log/to-logged.js';
import { Timeline } from '../../src/store/timeline.js';
import { Law, lock } from '../support/law.js';
import { ManualClock } from '../support/manual-clock.js';

function written(...changes: readonly Change[]): RowChanges {
  const rows = new RowChanges();
  for (const change of changes) writeChange(change, rows);
  return rows;
}

describe('a change and its row have the same content', () => {
  test('for a lease, with and without a session', () => {
    const law = new Law();
    law.openSession('s');
    const lease = law.grant('a', { session: 's', metadata: 'm' });
    law.renew(law.grant('b'), 90);
    const rows = written(...law.changes).of('leases').put;
    expect(rows.map(leaseFromRow)).toEqual([lease, law.holding('b')]);
  });

  test('for a lease that shares a lock and holds another', () => {
    const usual = new Law().grant('a');
    const others = [{ lockName: lock('b'), hold: EXCLUSIVE }];
    const terms = { ...USUAL_TERMS, hold: SHARED, others };
    const lease: Lease = { ...usual, terms };
    const [row, usualRow] = [lease, usual].map(
      (of) => written({ kind: 'lease_granted', lease: of }).of('leases').put[0],
    );
    expect(row === undefined ? null : leaseFromRow(row)).toEqual(lease);
    expect(usualRow?.terms).toBeNull();
  });

  test('for a session, active and expired', () => {
    const law = new Law();
    const session = law.openSession('s', 'ann', 10);
    expect(
      written(...law.changes)
        .of('sessions')
        .put.map(sessionFromRow),
    ).toEqual([session]);
    law.advance(10_001);
    law.sweep();
    const [row] = written(...law.changes).of('sessions').put;
    expect(row === undefined ? null : sessionFromRow(row)).toMatchObject({
      sessionId: 's',
      state: 'expired',
    });
  });

  test('for a fence, and for one that is deleted', () => {
    const law = new Law();
    const { fencingToken } = law.grant('a');
    law.advanceFence('gpu/3', fencingToken, 'bob');
    const fences = written(...law.changes)
      .of('fences')
      .put.map(fenceFromRow);
    expect(fences).toEqual([{ name: 'gpu/3', userId: 'bob', highest: 1 }]);
    law.deleteFence('gpu/3');
    const rows = written(...law.changes).of('fences');
    expect([rows.put, rows.removed]).toEqual([[], ['gpu/3']]);
  });

  test('for a conversion, with the same token and with a new one', () => {
    const law = new Law();
    const shared = law.converted(law.grant('a'), 'shared');
    expect(written(...law.changes).of('leases')).toMatchObject({ put: [{ fencingToken: 1 }], removed: [] });
    const own = law.converted(shared, 'exclusive');
    const { put, removed } = written(...law.changes).of('leases');
    expect([put.map(leaseFromRow), removed]).toEqual([[own], [1]]);
  });

  test('for a lock that cools, and for one that no longer does', () => {
    const law = new Law();
    law.release(law.grant('a', { minHold: 30 }));
    const [cooling] = law.changes.flatMap((change) => ('cooling' in change ? [change.cooling] : []));
    expect(
      written(...law.changes)
        .of('coolings')
        .put.map(coolingFromRow),
    ).toEqual([cooling]);
    law.breakLock('a');
    expect(written(...law.changes).of('coolings')).toEqual({ put: [], removed: ['a'] });
  });

  test('for a broken lease, and for one that is forgotten', () => {
    const law = new Law();
    law.grant(['a', 'b']);
    law.breakLock('b');
    const [broken] = law.changes.flatMap((change) => ('broken' in change ? [change.broken] : []));
    expect(
      written(...law.changes)
        .of('broken_leases')
        .put.map(brokenLeaseFromRow),
    ).toEqual([broken]);
    law.advance(3_600_001);
    law.sweep();
    expect(written(...law.changes).of('broken_leases')).toEqual({ put: [], removed: [1] });
  });

  test('for a deletion', () => {
    const law = new Law();
    law.openSession('s');
    law.grant('a', { session: 's' });
    law.closeSession('s');
    const rows = written(...law.changes);
    expect([rows.of('leases').put, rows.of('leases').removed]).toEqual([[], [1]]);
    expect([rows.of('sessions').put, rows.of('sessions').removed]).toEqual([[], ['s']]);
  });
});

test('an event is logged with wall-clock times, and without a deadline once its lease has ended', () => {
  const clock = new ManualClock();
  const timeline = new Timeline(clock, { bootId: null, monotonicOffset: 0, wallSkew: 0, lastInstant: 0 });
  clock.jumpWall(500_000);
  timeline.followWallClock();
  const law = new Law();
  law.openSession('s');
  law.release(law.grant('a', { session: 's', metadata: 'm' }));
  const at = law.now + 500_000;
  const envelope = { at, actor: { kind: 'user', userId: 'ann' }, subject: { kind: 'lock', lockName: 'a' } };
  const lease = {
    holder: { userId: 'ann', sessionId: 's' },
    fencingToken: 1,
    metadata: 'm',
    hold: EXCLUSIVE,
    leaseLocks: ['a'],
  };
  expect(law.events.map((event) => toLogged(event, timeline))).toEqual([
    { ...envelope, sequence: 1, type: 'acquired', body: { ...lease, expiresAt: at + 60_000 } },
    { ...envelope, sequence: 2, type: 'released', body: lease },
  ]);
});

test('an unknown change is an error, not ignored', () => {
  const change = { kind: 'nonsense' } as unknown as Change;
  expect(() => writeChange(change, new RowChanges())).toThrow('unexpected change: {"kind":"nonsense"}');
});
