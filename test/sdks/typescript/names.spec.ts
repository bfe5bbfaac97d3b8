import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkName } from '../../../sdks/typescript/src/checks.js';
import { ValidationError } from '../../../sdks/typescript/src/errors.js';
import { marginMs } from '../../../sdks/typescript/src/keeper.js';
import { delayMs } from '../../../sdks/typescript/src/time.js';
import { parseLockName } from '../../../src/core/model/lock-name.js';

const nearlyNames = fc.oneof(
  fc.string(),
  fc.string({ unit: fc.constantFrom('a', 'Z', '0', '.', '_', '-', '/', ' '), maxLength: 300 }),
  fc
    .array(fc.constantFrom('a', '.', '..', '...', 'b'.repeat(64), 'b'.repeat(65)), { maxLength: 6 })
    .map((parts) => parts.join('/')),
);

test('the client accepts exactly the names that the server accepts', () => {
  fc.assert(
    fc.property(nearlyNames, (name) => {
      expect(accepts(name)).toBe(parseLockName(name).ok);
    }),
    { numRuns: 2000 },
  );
});

describe('the margin before the end of a lease', () => {
  test.each([
    [1_000, 100],
    [5_000, 500],
    [30_000, 3_000],
    [3_600_000, 5_000],
  ])('of %d ms is %d ms', (ttlMs, margin) => {
    expect(marginMs(ttlMs)).toBe(margin);
  });
});

test('delays are random, up to a bound that doubles up to two seconds, and follow the server’s retry time', () => {
  for (const [failures, bound] of [
    [1, 100],
    [2, 200],
    [3, 400],
    [9, 2000],
    [2000, 2000],
  ] as const) {
    const delays = Array.from({ length: 400 }, () => delayMs(failures));
    expect(Math.max(...delays)).toBeLessThanOrEqual(bound);
    expect(Math.max(...delays)).toBeGreaterThan(bound * 0.9);
    expect(Math.min(...delays)).toBeLessThan(bound * 0.1);
  }
  expect(delayMs(1, 700)).toBe(700);
});

function accepts(name: string): boolean {
  try {
    checkName(name);
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(ValidationError);
    return false;
  }
}
