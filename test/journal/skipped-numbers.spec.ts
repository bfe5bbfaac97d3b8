import { array, assert, constantFrom, integer, nat, property, record } from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  numberAfterLoss,
  NUMBERS_PER_SECOND_MAX,
  NUMBERS_SKIPPED_FOR_TERMS,
  NUMBERS_SKIPPED_MIN,
} from '../../src/journal/skipped-numbers.js';

const NOW_MS = Date.UTC(2027, 0, 1);
const YEAR_OF_NUMBERS = 365 * 24 * 3600 * NUMBERS_PER_SECOND_MAX;
const AHEAD = 2 * YEAR_OF_NUMBERS;

const DAY_MS = 24 * 3_600_000;

/** The time in which the clock catches up with what a promotion skips. */
const APART_MS = 2 * DAY_MS;

describe('after a loss the numbers go on', () => {
  test('above the number of the present time', () => {
    const loss = { writtenAtMs: NOW_MS - 5_000, nowMs: NOW_MS, skipsAtLeast: NUMBERS_SKIPPED_FOR_TERMS };
    expect(numberAfterLoss(7, loss)).toBe(YEAR_OF_NUMBERS + NUMBERS_SKIPPED_FOR_TERMS);
  });

  test('after the last known number, if that is ahead of the clock', () => {
    const loss = { writtenAtMs: NOW_MS - 5_000, nowMs: NOW_MS, skipsAtLeast: NUMBERS_SKIPPED_MIN };
    expect(numberAfterLoss(AHEAD, loss)).toBe(AHEAD + NUMBERS_SKIPPED_MIN + 5_000_000);
  });

  test('no lower if the clock was set back', () => {
    const loss = { writtenAtMs: NOW_MS, nowMs: NOW_MS - DAY_MS, skipsAtLeast: NUMBERS_SKIPPED_MIN };
    expect(numberAfterLoss(AHEAD, loss)).toBe(AHEAD + NUMBERS_SKIPPED_MIN);
  });

  test('within the numbers that there are, if the clock is centuries ahead', () => {
    const loss = { writtenAtMs: NOW_MS, nowMs: Date.UTC(9999, 0, 1), skipsAtLeast: NUMBERS_SKIPPED_MIN };
    expect(numberAfterLoss(7, loss)).toBeLessThan(Number.MAX_SAFE_INTEGER / 2);
  });
});

interface Copy {
  readonly last: number;
  readonly writtenAtMs: number;
}

test('whichever earlier copy a database goes on from, no number is issued twice', () => {
  const step = record({
    copy: nat(),
    afterMs: integer({ min: APART_MS, max: 90 * DAY_MS }),
    issued: integer({ min: 1, max: 10 ** 9 }),
    skipsAtLeast: constantFrom(NUMBERS_SKIPPED_MIN, NUMBERS_SKIPPED_FOR_TERMS),
  });
  assert(
    property(array(step, { maxLength: 30 }), (steps) => {
      const copies: Copy[] = [{ last: 0, writtenAtMs: NOW_MS }];
      let nowMs = NOW_MS;
      let highest = 0;
      for (const { copy, afterMs, issued, skipsAtLeast } of steps) {
        nowMs += afterMs;
        const from = copies[copy % copies.length] ?? { last: 0, writtenAtMs: NOW_MS };
        const begin = numberAfterLoss(from.last, { writtenAtMs: from.writtenAtMs, nowMs, skipsAtLeast });
        expect(begin).toBeGreaterThanOrEqual(highest);
        highest = begin + issued;
        copies.push({ last: highest, writtenAtMs: nowMs });
      }
    }),
  );
});
