import { expect, test } from 'vitest';
import { RowChanges } from '../../src/journal/row-changes.js';
import { DurableMap } from '../../src/store/durable-map.js';

function cursors(): DurableMap<string, number> {
  return new DurableMap({
    put: (rows, sequence) => rows.put('cursors', { reader: 'r', sequence }),
    remove: (rows) => rows.remove('cursors', 'r'),
  });
}

test('a change is visible at once, appears in the rows, and is durable when they are', () => {
  const map = cursors();
  const rows = new RowChanges();
  map.set('r', 1, rows);
  expect([map.ahead.get('r'), map.durable.get('r')]).toEqual([1, undefined]);
  expect(rows.of('cursors').put).toEqual([{ reader: 'r', sequence: 1 }]);
  rows.becomeDurable();
  expect(map.durable.get('r')).toBe(1);
});

test('changes become durable in their order, whatever has been decided since', () => {
  const map = cursors();
  map.load('r', 1);
  const [second, removed] = [new RowChanges(), new RowChanges()];
  map.set('r', 2, second);
  map.delete('r', removed);
  expect([map.ahead.get('r'), map.durable.get('r')]).toEqual([undefined, 1]);
  second.becomeDurable();
  expect([map.ahead.get('r'), map.durable.get('r')]).toEqual([undefined, 2]);
  removed.becomeDurable();
  expect(map.durable.has('r')).toBe(false);
  expect(removed.of('cursors').removed).toEqual(['r']);
});

test('deleting a missing key changes nothing', () => {
  const map = cursors();
  const rows = new RowChanges();
  map.delete('r', rows);
  expect(rows.of('cursors').removed).toEqual([]);
});
