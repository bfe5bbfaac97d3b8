import { afterEach, describe, expect, test, vi } from 'vitest';
import { Slots } from '../../src/core/state/slots.js';

function slotsWith(limit: number, taken: readonly number[]): Slots {
  const slots = new Slots(limit);
  slots.take(taken);
  return slots;
}

describe('slots', () => {
  test.each([
    { limit: 1, taken: [], count: 1, lowest: [0] },
    { limit: 5, taken: [0, 2], count: 2, lowest: [1, 3] },
    { limit: 64, taken: range(0, 32), count: 3, lowest: [32, 33, 34] },
    { limit: 64, taken: range(0, 31), count: 2, lowest: [31, 32] },
    { limit: 100, taken: range(0, 99), count: 1, lowest: [99] },
  ])('of $limit: the lowest $count', ({ limit, taken, count, lowest }) => {
    const slots = slotsWith(limit, taken);
    expect(slots.lowest(count)).toEqual(lowest);
    expect([slots.taken, slots.free]).toEqual([taken.length, limit - taken.length]);
  });

  test('that were given back are the lowest again', () => {
    const slots = slotsWith(70, range(0, 70));
    slots.giveBack([69, 3, 40]);
    expect(slots.lowest(3)).toEqual([3, 40, 69]);
    slots.take([3]);
    expect(slots.lowest(2)).toEqual([40, 69]);
    expect([slots.taken, slots.free]).toEqual([68, 2]);
  });

  test('that do not exist or are taken cannot be taken', () => {
    const slots = slotsWith(3, [1]);
    expect(() => slots.take([1])).toThrow('the slot 1 is not free');
    expect(() => slots.take([3])).toThrow('the slot 3 is not free');
    expect(() => slots.lowest(3)).toThrow('there are no 3 free slots');
    expect(() => slots.giveBack([0])).toThrow('the slot 0 is not taken');
  });
});

describe('the slots of a large lock', () => {
  const counted = { size: 0, reads: 0 };

  /** The words, with a count of how often one is read. */
  function countedWords(length: number): Uint32Array {
    counted.size = length;
    return new Proxy(new Words(length), {
      get(words, index: string) {
        counted.reads += 1;
        return words[Number(index)];
      },
    });
  }

  const Words = Uint32Array;

  function countedSlots(limit: number): Slots {
    vi.stubGlobal('Uint32Array', function Uint32Array(length: number) {
      return countedWords(length);
    });
    return new Slots(limit);
  }

  afterEach(() => vi.unstubAllGlobals());

  test.each([
    [1, 1],
    [32, 1],
    [33, 2],
    [10_000, 313],
  ])('with a limit of %i need %i words of memory', (limit, words) => {
    countedSlots(limit);
    expect(counted.size).toBe(words);
  });

  test('are not searched where all are taken', () => {
    const slots = countedSlots(10_000);
    slots.take(range(0, 9_990));
    counted.reads = 0;
    slots.lowest(1);
    expect(counted.reads).toBeLessThanOrEqual(32);
    slots.giveBack([64]);
    counted.reads = 0;
    expect(slots.lowest(1)).toEqual([64]);
    expect(counted.reads).toBe(1);
  });
});

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}
