import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SortedNames } from '../../src/core/state/sorted-names.js';

const byCodeUnits = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function expected(names: Iterable<string>, prefix: string, start: string): string[] {
  return [...names].filter((name) => name.startsWith(prefix) && name >= start).toSorted(byCodeUnits);
}

const name = fc.string({ unit: fc.constantFrom('a', 'b', 'B', '-', '/', '.', '0'), maxLength: 4 });

describe('a set of sorted names', () => {
  test('answers every scan as a plain sorted set would', () => {
    const actions = fc.array(fc.record({ isAdd: fc.boolean(), name }), { maxLength: 60 });
    fc.assert(
      fc.property(actions, name, name, (list, prefix, start) => {
        const names = new SortedNames<string>();
        const model = new Set<string>();
        for (const { isAdd, name } of list) {
          if (isAdd) names.add(name);
          else names.delete(name);
          if (isAdd) model.add(name);
          else model.delete(name);
          expect(names.size).toBe(model.size);
        }
        expect([...names.scan(prefix, start)]).toEqual(expected(model, prefix, start));
      }),
      { numRuns: 1_000, seed: 5 },
    );
  });

  test('stays right over many chunks, growing and shrinking in any order', () => {
    const names = new SortedNames<string>();
    const model = new Set<string>();
    // 7,919 is prime, so the numbers come in a scattered order and each once.
    for (let index = 0; index < 6_000; index += 1) {
      const name = `lock/${(index * 7_919) % 6_000}`;
      names.add(name);
      model.add(name);
    }
    expect([...names.scan('', '')]).toEqual(expected(model, '', ''));
    for (let index = 0; index < 6_000; index += 1) {
      const name = `lock/${(index * 104_729) % 6_000}`;
      names.delete(name);
      model.delete(name);
      if (index % 500 !== 499) continue;
      expect([...names.scan('lock/1', 'lock/15')]).toEqual(expected(model, 'lock/1', 'lock/15'));
      expect([...names.scan('', 'lock/4999')]).toEqual(expected(model, '', 'lock/4999'));
    }
    expect(names.size).toBe(0);
    expect([...names.scan('', '')]).toEqual([]);
  });

  test('keeps a name once, and does not mind one that is not there', () => {
    const names = new SortedNames<string>();
    names.add('a');
    names.add('a');
    names.delete('b');
    names.delete('');
    expect([...names.scan('', '')]).toEqual(['a']);
    expect(names.size).toBe(1);
  });

  test('a scan begins where it should and ends with the prefix, also between chunks', () => {
    const names = new SortedNames<string>();
    const all = Array.from({ length: 5_000 }, (_, index) => `name-${String(index).padStart(5, '0')}`);
    for (const item of all) names.add(item);
    for (let index = 0; index < all.length; index += 37) {
      const [next] = names.scan('', all[index] ?? '');
      expect(next).toBe(all[index]);
      const [behind] = names.scan('', `${all[index]}-`);
      expect(behind).toBe(all[index + 1]);
    }
    expect(Array.from(names.scan('name-012', ''))).toEqual(all.slice(1_200, 1_300));
  });
});
