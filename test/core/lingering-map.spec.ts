import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { LingeringMap } from '../../src/core/state/lingering-map.js';
import { filledBy } from '../support/collections.js';

describe('a lingering map', () => {
  test('has what was added and not deleted', () => {
    const map = new LingeringMap<string, number>();
    map.add('a', 1);
    map.add('b', 2);
    map.delete('a');
    expect([map.size, map.get('a'), map.get('b'), map.get('c')]).toEqual([1, undefined, 2, undefined]);
    map.add('a', 3);
    expect([map.size, map.get('a')]).toEqual([2, 3]);
  });

  test('keeps few of the keys that were deleted, and none that have come back lose their values', () => {
    const map = new LingeringMap<number, string>();
    const [kept] = filledBy(() => {
      for (let key = 0; key < 10_000; key += 1) {
        map.add(key, 'once');
        map.delete(key);
        if (key % 100 === 0) map.add(key, 'again');
      }
    });
    expect(map.size).toBe(100);
    expect(map.get(5_000)).toBe('again');
    expect(kept?.size).toBeGreaterThanOrEqual(100);
    expect(kept?.size).toBeLessThan(100 + 64 + 3);
  });

  test('waits the longer with its deletions the more keys it has', () => {
    const deleted = vi.spyOn(Map.prototype, 'delete');
    onTestFinished(() => deleted.mockRestore());
    const map = new LingeringMap<number, number>();
    for (let key = 0; key < 6_400; key += 1) map.add(key, key);
    for (let key = 0; key < 100; key += 1) map.delete(key);
    expect(deleted).not.toHaveBeenCalled();
    for (let key = 100; key < 200; key += 1) map.delete(key);
    expect(deleted).toHaveBeenCalled();
  });

  test('deletes a key that comes and goes only now and then', () => {
    const deleted = vi.spyOn(Map.prototype, 'delete');
    onTestFinished(() => deleted.mockRestore());
    const map = new LingeringMap<string, number>();
    for (let time = 0; time < 6_500; time += 1) {
      map.add('a', time);
      map.delete('a');
    }
    const deletions = deleted.mock.results.filter(({ value }) => value === true).length;
    expect(deletions).toBeLessThanOrEqual(100);
    expect(deletions).toBeGreaterThan(0);
  });
});
