import type { AttemptError } from '../transport/attempt-outcome.js';

/** An attempt as it is stored with its delivery. */
export interface AttemptRecord {
  /** Wall-clock milliseconds. */
  readonly at: number;
  readonly status: number | null;
  readonly error: AttemptError | null;
  readonly durationMs: number;
}

/** Attempts kept per delivery. Without a bound, redelivering again and again would add more and more. */
const ATTEMPTS_KEPT_MAX = 20;

/** The stored text with one more attempt at its end. It drops the oldest attempts beyond the bound. */
export function withAttempt(stored: string, attempt: AttemptRecord): string {
  return JSON.stringify([...attemptsOf(stored), attempt].slice(-ATTEMPTS_KEPT_MAX));
}

export function attemptsOf(stored: string): AttemptRecord[] {
  return JSON.parse(stored) as AttemptRecord[];
}
