import { expect, test } from 'vitest';
import type { LockName } from '../../src/core/model/lock-name.js';
import type { Instant } from '../../src/core/model/time.js';
import { longestLines } from '../../src/history/lines/longest-lines.js';

const request = (since: number, ...names: string[]) => ({
  lockNames: names as LockName[],
  since: since as unknown as Instant,
});

test('the longest line comes first, and of equally long ones the one that began first', () => {
  const requests = [
    request(5, 'b'),
    request(1, 'a'),
    request(4, 'c', 'b'),
    request(2, 'd'),
    request(9, 'b'),
    request(2, 'aa'),
  ];
  const { lines, total } = longestLines(requests, 10, () => true);
  expect(lines).toEqual([
    { lockName: 'b', waiters: 3, since: 4 },
    { lockName: 'a', waiters: 1, since: 1 },
    { lockName: 'aa', waiters: 1, since: 2 },
    { lockName: 'd', waiters: 1, since: 2 },
    { lockName: 'c', waiters: 1, since: 4 },
  ]);
  expect(total).toBe(5);
});

test('a list that is full keeps the longest lines, in whatever order they come', () => {
  const lengths = [1, 5, 2, 9, 7, 3, 9];
  const requests = lengths.flatMap((length, lock) =>
    Array.from({ length }, (_, at) => request(lock + at, `lock-${lock}`)),
  );
  const { lines, total } = longestLines(requests, 3, () => true);
  expect(lines.map(({ lockName, waiters }) => [lockName, waiters])).toEqual([
    ['lock-3', 9],
    ['lock-6', 9],
    ['lock-4', 7],
  ]);
  expect(total).toBe(7);
});

test('hidden locks are not counted', () => {
  const isShown = (lockName: LockName) => lockName !== 'hidden';
  expect(longestLines([request(1, 'hidden', 'seen')], 3, isShown)).toEqual({
    lines: [{ lockName: 'seen', waiters: 1, since: 1 }],
    total: 1,
  });
});
