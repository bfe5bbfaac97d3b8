import { Outages } from './outages.js';

/** How far the timeline of a new leader may lie behind that of the one before. */
const LAG_MS = 1000;

/** How wrong the monotonic clocks of some servers are. */
export interface ClockErrors {
  /** How many seconds pass for a server in a second, at most. */
  readonly rate: number;
  /** How far a take-over by a server with such a clock may set the timeline ahead. */
  readonly aheadMs: number;
}

const NONE: ClockErrors = { rate: 1, aheadMs: 0 };

/**
 * What changes of the leader do to deadlines. A lease may get the grace period each time, but no one can count on it: there is a
 * new one only if the last leader has served for that long.
 */
export class TakeOvers extends Outages {
  readonly #clocks: ClockErrors;

  constructor(graceMs: number, clocks: ClockErrors = NONE) {
    super(graceMs);
    this.#clocks = clocks;
  }

  override soonest(sinceMs: number, durationMs: number): number {
    const { rate, aheadMs } = this.#clocks;
    return sinceMs + durationMs / rate - aheadMs * this.#countAhead(sinceMs, sinceMs + durationMs);
  }

  override earliestEnd(endMs: number, sinceMs: number): number {
    return this.soonest(sinceMs, endMs - sinceMs);
  }

  override latestEnd(endMs: number, sinceMs: number, ttlMs: number): number {
    const end = super.latestEnd(endMs, sinceMs, ttlMs);
    return end + LAG_MS * this.countBetween(sinceMs, end);
  }

  #countAhead(fromMs: number, toMs: number): number {
    let count = 0;
    for (const { timesAhead = 0 } of this.between(fromMs, toMs)) count += timesAhead;
    return count;
  }
}
