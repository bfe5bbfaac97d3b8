import { expect, test, vi } from 'vitest';
import { Clock } from '../../../sdks/typescript/src/clock.js';

/** Two clocks that the test sets. */
function clocks(): { monotonicMs: number; wallMs: number; clock: Clock } {
  const state = { monotonicMs: 5000, wallMs: 1_000_000 };
  const clock = new Clock(
    () => state.monotonicMs,
    () => state.wallMs,
  );
  return Object.assign(state, { clock });
}

test('time for which the machine was suspended has passed', () => {
  const state = clocks();
  state.monotonicMs += 100;
  state.wallMs += 100;
  expect(state.clock.nowMs()).toBe(5100);
  state.wallMs += 30_000;
  expect(state.clock.nowMs()).toBe(35_100);
  state.monotonicMs += 50;
  state.wallMs += 50;
  expect(state.clock.nowMs()).toBe(35_150);
});

test('a small difference is that of two clocks, however often it comes, and a clock that is set back changes nothing', () => {
  const state = clocks();
  for (let looks = 0; looks < 10; looks += 1) {
    state.wallMs += 900;
    expect(state.clock.nowMs()).toBe(5000);
  }
  state.wallMs -= 3_600_000;
  expect(state.clock.nowMs()).toBe(5000);
});

test('those who wait learn of suspended time at the next look, until they no longer listen', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  try {
    const state = clocks();
    let times = 0;
    const stop = state.clock.onSuspended(() => (times += 1));
    await vi.advanceTimersByTimeAsync(1000);
    expect(times).toBe(0);
    state.wallMs += 20_000;
    await vi.advanceTimersByTimeAsync(1000);
    expect(times).toBe(1);
    stop();
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});
