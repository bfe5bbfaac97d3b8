import { describe, expect, test } from 'vitest';
import { RETRY_DELAYS_MS, RetrySchedule } from '../../../src/webhooks/delivery/retry-schedule.js';

describe('the schedule of retries', () => {
  const schedule = new RetrySchedule();

  test.each(RETRY_DELAYS_MS.map((delay, index) => [index + 1, delay] as const))(
    'after %i failures the wait is about %i ms, and varies',
    (failures, delay) => {
      const delays = Array.from({ length: 200 }, () => schedule.delayAfter(failures, null) ?? 0);
      expect(Math.min(...delays)).toBeGreaterThanOrEqual(delay * 0.8);
      expect(Math.max(...delays)).toBeLessThanOrEqual(delay * 1.2);
      expect(new Set(delays).size).toBeGreaterThan(100);
    },
  );

  test('ends', () => {
    expect(schedule.delayAfter(RETRY_DELAYS_MS.length + 1, null)).toBeNull();
    expect(schedule.delayAfter(RETRY_DELAYS_MS.length + 1, 1_000)).toBeNull();
  });

  test('respects the Retry-After of a receiver, up to the next step', () => {
    expect(schedule.delayAfter(1, 100_000)).toBe(100_000);
    expect(schedule.delayAfter(1, 1)).toBeLessThanOrEqual(6_000);
    expect(schedule.delayAfter(1, 10_000_000)).toBe(300_000);
    expect(schedule.delayAfter(7, 100_000_000)).toBeLessThanOrEqual(43_200_000);
  });
});
