import { expect, test } from 'vitest';
import type { LockName } from '../../src/core/model/lock-name.js';
import { Waits, WAITS_PER_LOCK_MAX } from '../../src/history/waits.js';

const [a, b, c] = ['a', 'b', 'c'] as LockName[] as [LockName, LockName, LockName];

test('of each lock, the latest waits are remembered', () => {
  const waits = new Waits();
  for (let ms = 0; ms < WAITS_PER_LOCK_MAX + 3; ms += 1) waits.add(a, ms);
  expect(waits.of(a)).toHaveLength(WAITS_PER_LOCK_MAX);
  expect(waits.of(a)[0]).toBe(3);
  expect(waits.of(b)).toEqual([]);
});

test('with too many locks, the one that was waited for longest ago is forgotten', () => {
  const waits = new Waits(2);
  for (const lockName of [a, b, a, c]) waits.add(lockName, 1);
  expect([a, b, c].map((lockName) => waits.of(lockName).length)).toEqual([2, 0, 1]);
});
