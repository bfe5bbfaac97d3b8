import { Outages } from './outages.js';

/** How far the timeline of a new leader may lie behind that of the one before. */
const LAG_MS = 1000;

/**
 * What changes of the leader do to deadlines. A lease may get the grace period each time, but no one can count on it: there is a
 * new one only if the last leader has served for that long.
 */
export class TakeOvers extends Outages {
  override earliestEnd(endMs: number): number {
    return endMs;
  }

  override latestEnd(endMs: number, sinceMs: number, ttlMs: number): number {
    const end = super.latestEnd(endMs, sinceMs, ttlMs);
    return end + LAG_MS * this.countBetween(sinceMs, end);
  }
}
