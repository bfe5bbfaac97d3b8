import { describe, expect, test } from 'vitest';
import { Distribution } from '../../src/admin/charts/distribution.js';

function distribution(...cumulative: [bound: number, count: number][]): Distribution {
  return new Distribution(new Map(cumulative));
}

describe('a quantile', () => {
  const even = distribution([0.01, 0], [0.02, 100], [0.04, 200], [Infinity, 200]);

  test.each([
    [0.25, 15],
    [0.5, 20],
    [0.75, 30],
    [1, 40],
  ])('of %d lies within its bucket', (quantile, expected) => {
    expect(even.quantileMs(quantile)).toBeCloseTo(expected, 9);
  });

  test('above the last bound is that bound', () => {
    expect(distribution([0.01, 1], [Infinity, 100]).quantileMs(0.99)).toBe(10);
  });

  test('of nothing is unknown', () => {
    expect(distribution().quantileMs(0.5)).toBeNull();
    expect(distribution([0.01, 0], [Infinity, 0]).quantileMs(0.5)).toBeNull();
  });

  test('is that of what was added', () => {
    const later = distribution([0.01, 50], [0.02, 100], [0.04, 200], [Infinity, 200]);
    const earlier = distribution([0.01, 50], [0.02, 100], [0.04, 100], [Infinity, 100]);
    expect(later.since(earlier).quantileMs(0.5)).toBeCloseTo(30, 9);
    expect(later.since(new Distribution()).quantileMs(0.5)).toBe(later.quantileMs(0.5));
  });
});
