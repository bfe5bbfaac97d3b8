import { expect, test } from 'vitest';
import { UsedStates } from '../../src/auth/github/used-states.js';

test('a state can be used once', () => {
  const used = new UsedStates();
  expect(used.use('a', 1_000, 0)).toBe(true);
  expect(used.use('a', 1_000, 0)).toBe(false);
  expect(used.use('b', 1_000, 500)).toBe(true);
  expect(used.use('a', 1_000, 1_000)).toBe(false);
});

test('a used state is remembered until it has expired', () => {
  const used = new UsedStates();
  used.use('a', 1_000, 0);
  used.use('b', 2_000, 1_001);
  expect(used.use('a', 5_000, 1_001)).toBe(true);
  expect(used.use('b', 2_000, 1_001)).toBe(false);
});

test('the number of remembered states is limited', () => {
  const used = new UsedStates();
  for (let count = 0; count <= 10_000; count += 1) used.use(`state-${count}`, 1_000, 0);
  expect(used.use('state-0', 1_000, 0)).toBe(true);
  expect(used.use('state-10000', 1_000, 0)).toBe(false);
});
