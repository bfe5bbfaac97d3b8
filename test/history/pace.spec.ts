import { expect, test } from 'vitest';
import { Random } from '../../lab/kit/random.js';
import { Pace } from '../../src/history/pace.js';

/** Grants that follow each other after these intervals. Returns how many of them made the pace unusual. */
function grants(pace: Pace, intervals: Iterable<number>): number {
  let at = 0;
  let times = 0;
  pace.add(at);
  for (const interval of intervals) if (pace.add((at += interval))) times += 1;
  return times;
}

const times = (count: number, interval: number): number[] => Array.from({ length: count }, () => interval);

test('a dozen grants in quick succession are unusual for a lock that is usually granted every hour', () => {
  const pace = new Pace();
  expect(grants(pace, times(30, 3_600_000))).toBe(0);
  expect(grants(pace, times(11, 1_000))).toBe(0);
  expect(grants(pace, times(5, 1_000))).toBe(1);
  expect(pace.isUnusual).toBe(true);
  expect(pace.latelyMs * 5).toBeLessThan(pace.usuallyMs);
});

test('what goes on becomes usual, and is unusual once', () => {
  const pace = new Pace();
  grants(pace, times(30, 60_000));
  expect(grants(pace, times(400, 1_000))).toBe(1);
  expect(pace.isUnusual).toBe(false);
});

test('too few grants say nothing', () => {
  const pace = new Pace();
  expect(grants(pace, [...times(2, 3_600_000), ...times(13, 1)])).toBe(0);
});

test('grants at random times are not unusual, and neither is a wall clock that was set back', () => {
  const random = new Random(7);
  const pace = new Pace();
  const atRandom = Array.from({ length: 20_000 }, () => -Math.log(1 - random.next()) * 60_000);
  expect(grants(pace, atRandom)).toBe(0);
  pace.add(0);
  expect(pace.isUnusual).toBe(false);
});
