import { describe, expect, test } from 'vitest';
import { EXCLUSIVE, SHARED, type Demand, type Hold } from '../../src/core/model/demand.js';
import { fitsBeside, goTogether, holdBeside } from '../../lab/kit/law/go-together.js';

const slots = (limit: number, ...numbers: number[]): Hold => ({ mode: 'counted', limit, slots: numbers });
const permits = (limit: number, count: number): Demand => ({ mode: 'counted', limit, permits: count });

describe('holds of one lock', () => {
  test.each<[string, Hold[]]>([
    ['none', []],
    ['one exclusive', [EXCLUSIVE]],
    ['readers', [SHARED, SHARED, SHARED]],
    ['different slots of one limit', [slots(3, 0, 2), slots(3, 1)]],
  ])('go together: %s', (_, holds) => {
    expect(goTogether(holds)).toBe(true);
  });

  test.each<[string, Hold[]]>([
    ['two exclusive', [EXCLUSIVE, EXCLUSIVE]],
    ['exclusive and shared', [SHARED, EXCLUSIVE]],
    ['shared and counted', [SHARED, slots(3, 0)]],
    ['one slot twice', [slots(3, 0, 1), slots(3, 1)]],
    ['different limits', [slots(3, 0), slots(4, 1)]],
    ['a slot beyond the limit', [slots(3, 3)]],
  ])('do not: %s', (_, holds) => {
    expect(goTogether(holds)).toBe(false);
  });

  test('leave the lowest free slots to the next', () => {
    const held = [slots(4, 1)];
    expect(holdBeside(held, permits(4, 2))).toEqual(slots(4, 0, 2));
    expect([3, 4].map((count) => fitsBeside(held, permits(4, count)))).toEqual([true, false]);
  });
});
