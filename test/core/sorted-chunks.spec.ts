import { describe, expect, test } from 'vitest';
import { SortedChunks } from '../../src/core/state/sorted-chunks.js';

const COUNT = 3_000;

/** Every second number, added in an order of no pattern. */
function filled(): SortedChunks<{ readonly key: number }, number> {
  const items = new SortedChunks<{ readonly key: number }, number>(({ key }) => key);
  for (let index = 0; index < COUNT; index += 1) items.add({ key: 2 * ((index * 7_919) % COUNT) });
  return items;
}

describe('sorted chunks', () => {
  test('count the items below a key, in all chunks before it and in its own', () => {
    const items = filled();
    for (const key of [0, 1, 2, 511, 1_024, 1_025, 4_001, 5_998, 9_999]) {
      expect([key, items.countBelow(key)]).toEqual([key, Math.min(COUNT, Math.ceil(key / 2))]);
    }
  });

  test('begin with the lowest key', () => {
    const items = filled();
    items.delete(0);
    items.delete(1);
    expect([items.first?.key, items.size]).toEqual([2, COUNT - 1]);
    expect(new SortedChunks<string, string>((name) => name).first).toBeUndefined();
  });

  test('continue at a key, whether or not there is an item with it', () => {
    const items = filled();
    expect(Array.from(items.from(5_994), ({ key }) => key)).toEqual([5_994, 5_996, 5_998]);
    expect(Array.from(items.from(5_995), ({ key }) => key)).toEqual([5_996, 5_998]);
  });
});
