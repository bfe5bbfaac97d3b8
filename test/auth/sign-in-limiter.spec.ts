import { expect, test } from 'vitest';
import { SignInLimiter } from '../../src/auth/sign-in/sign-in-limiter.js';
import { ManualClock } from '../support/manual-clock.js';

test('attempts become available one by one over a minute', () => {
  const clock = new ManualClock();
  const limiter = new SignInLimiter(clock, 4);
  expect([1, 2, 3, 4].map(() => limiter.attempt('192.0.2.1'))).toEqual([0, 0, 0, 0]);
  expect(limiter.attempt('192.0.2.1')).toBe(15_000);
  clock.advance(5_000);
  expect(limiter.attempt('192.0.2.1')).toBe(10_000);
  clock.advance(10_000);
  expect(limiter.attempt('192.0.2.1')).toBe(0);
  expect(limiter.attempt('192.0.2.1')).toBe(15_000);
});

test('attempts do not accumulate beyond those of one minute', () => {
  const clock = new ManualClock();
  const limiter = new SignInLimiter(clock, 2);
  clock.advance(3_600_000);
  expect([1, 2, 3].map(() => limiter.attempt('192.0.2.1'))).toEqual([0, 0, 30_000]);
  clock.advance(3_600_000);
  expect([1, 2, 3].map(() => limiter.attempt('192.0.2.1'))).toEqual([0, 0, 30_000]);
});

test('setting the wall clock adds no attempts', () => {
  const clock = new ManualClock();
  const limiter = new SignInLimiter(clock, 1);
  expect(limiter.attempt('192.0.2.1')).toBe(0);
  clock.jumpWall(3_600_000);
  expect(limiter.attempt('192.0.2.1')).toBe(60_000);
});

test('a client is remembered while it keeps trying, however many others try', () => {
  const limiter = new SignInLimiter(new ManualClock(), 1);
  expect(limiter.attempt('192.0.2.1')).toBe(0);
  const retryAfterOthers = (others: number): number => {
    for (let other = 0; other < 5_000; other += 1)
      limiter.attempt(`10.${others}.${other >> 8}.${other & 255}`);
    return limiter.attempt('192.0.2.1');
  };
  expect([1, 2, 3, 4, 5].map(retryAfterOthers)).toEqual([60_000, 60_000, 60_000, 60_000, 60_000]);
});

test('an invalid address counts as a client like any other', () => {
  const limiter = new SignInLimiter(new ManualClock(), 1);
  expect([limiter.attempt(''), limiter.attempt(''), limiter.attempt('unix:')]).toEqual([0, 60_000, 0]);
});
