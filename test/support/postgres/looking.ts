import { expect, vi } from 'vitest';
import { TIMING } from '../../../src/journal/postgres/term/timing.js';
import type { ManualClock } from '../manual-clock.js';

/** A process that does not lead has looked at the row, and waits before it looks again. */
export async function untilItWaits(clock: ManualClock): Promise<void> {
  const isWaiting = (): boolean => clock.hasTimerDueIn(TIMING.observeEveryMs);
  await vi.waitFor(() => expect(isWaiting()).toBe(true), { interval: 2, timeout: 20_000 });
}

/** Lets it look at the row once more, after so much of its time. */
export async function look(clock: ManualClock): Promise<void> {
  await untilItWaits(clock);
  clock.advance(TIMING.observeEveryMs);
}
