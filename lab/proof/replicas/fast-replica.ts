import type { ClockErrors } from '../../kit/history/take-overs.js';
import type { Replica } from '../../kit/server/replica.js';
import { nowMs, pause } from '../../../src/process/time.js';

/** How fast the clocks of one of the replicas run, in seconds per second. */
export const FAST_RATE = 1.05;

/**
 * How far a take-over by this replica may set the timeline ahead. It has observed the line for the last ten seconds, and its clock
 * has gained half a second in this time.
 */
const LINE_AHEAD_MS = 500;

export const CLOCK_ERRORS: ClockErrors = { rate: FAST_RATE, aheadMs: LINE_AHEAD_MS };

const LEAST_RATE = 1 + (FAST_RATE - 1) * 0.6;
const SHOWN_WITHIN_MS = 60_000;
const POLL_MS = 5;

interface Tick {
  readonly role: string;
  readonly uptime: number;
  /** The uptime changed to this between these two moments. */
  readonly afterMs: number;
  readonly byMs: number;
}

/** Throws unless the monotonic clock of a running replica is seen to run fast: otherwise, the proof would not prove what it says. */
export async function expectFastClock(replica: Replica): Promise<void> {
  const untilMs = nowMs() + SHOWN_WITHIN_MS;
  let first: Tick | null = null;
  let rate = 0;
  for await (const tick of ticksOf(replica)) {
    // A replica that begins or ceases to lead counts its uptime from another moment.
    if (first?.role !== tick.role) first = tick;
    // On a busy machine a measurement can only be too low, and the shorter the lower. So one good measurement is enough.
    if (tick !== first) rate = ((tick.uptime - first.uptime) * 1000) / (tick.byMs - first.afterMs);
    if (rate >= LEAST_RATE) return;
    if (nowMs() > untilMs)
      throw new Error(`the clock of replica ${replica.name} runs at ${rate}, not at ${FAST_RATE}`);
  }
}

/** Each change of the uptime that a replica shows. */
async function* ticksOf(replica: Replica): AsyncGenerator<Tick> {
  let last: { readonly uptime: number; readonly askedMs: number } | null = null;
  for (;;) {
    const askedMs = nowMs();
    const status = await replica.status();
    const byMs = nowMs();
    if (status === null) continue;
    const { role, uptime_seconds: uptime } = status;
    if (last !== null && uptime > last.uptime) yield { role, uptime, afterMs: last.askedMs, byMs };
    last = { uptime, askedMs };
    await pause(POLL_MS);
  }
}
