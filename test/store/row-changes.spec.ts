import { describe, expect, test } from 'vitest';
import { RowChanges } from '../../src/journal/row-changes.js';
import { loggedEvent } from '../support/store-rows.js';

const cursor = (reader: string, sequence: number) => ({ reader, sequence });

describe('row changes', () => {
  test('are empty at first', () => {
    expect(new RowChanges().of('leases')).toEqual({ put: [], removed: [] });
  });

  test('keep the last change of each key', () => {
    const rows = new RowChanges()
      .put('cursors', cursor('a', 1))
      .put('cursors', cursor('a', 2))
      .put('cursors', cursor('b', 1))
      .remove('cursors', 'b')
      .remove('cursors', 'c')
      .put('cursors', cursor('c', 9));
    expect(rows.of('cursors')).toEqual({ put: [cursor('a', 2), cursor('c', 9)], removed: ['b'] });
  });

  test('keep the tables apart', () => {
    const rows = new RowChanges().remove('users', 'x').put('cursors', cursor('x', 1));
    expect(rows.of('users')).toEqual({ put: [], removed: ['x'] });
    expect(rows.of('cursors')).toEqual({ put: [cursor('x', 1)], removed: [] });
  });

  test('merge later changes', () => {
    const rows = new RowChanges()
      .put('cursors', cursor('a', 1))
      .put('cursors', cursor('b', 1))
      .remove('users', 'u');
    const later = new RowChanges().remove('cursors', 'a').put('cursors', cursor('b', 2)).remove('leases', 7);
    rows.merge(later);
    expect(rows.of('cursors')).toEqual({ put: [cursor('b', 2)], removed: ['a'] });
    expect(rows.of('users').removed).toEqual(['u']);
    expect(rows.of('leases').removed).toEqual([7]);
    later.put('cursors', cursor('late', 1));
    expect(rows.of('cursors').put).toEqual([cursor('b', 2)]);
  });

  test('keep events in the order in which they were added, with merged events last', () => {
    const rows = new RowChanges().append(loggedEvent(1)).append(loggedEvent(2));
    rows.merge(new RowChanges().append(loggedEvent(3)));
    expect(rows.events.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
  });
});
