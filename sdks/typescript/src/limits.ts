import { RULES } from './rules.js';
import { nowMs } from './time.js';

/** Limits of all attempts of a call together. */
export interface Limits {
  /** When all attempts and pauses must have ended, on the clock of leases. Never by default. */
  readonly deadlineMs?: number;
  /** How many times it is sent, at most. */
  readonly attemptsMax?: number;
}

/** One short attempt, for what ends by itself anyway. */
export function briefLimits(): Limits {
  return { deadlineMs: nowMs() + RULES.close_ms_max_when_lost, attemptsMax: 1 };
}

export function timeLeftMs({ deadlineMs = Infinity }: Limits, atMs: number): number {
  return Math.max(0, deadlineMs - atMs);
}
