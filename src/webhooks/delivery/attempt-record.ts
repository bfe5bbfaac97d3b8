import type { AttemptError } from '../transport/attempt-outcome.js';

/** An attempt as it is stored with its delivery. */
export interface AttemptRecord {
  /** Wall-clock milliseconds. */
  readonly at: number;
  readonly status: number | null;
  readonly error: AttemptError | null;
  readonly durationMs: number;
}

/** Attempts kept per delivery. Without a limit, repeated redelivery would add attempts forever. */
const ATTEMPTS_KEPT_MAX = 20;

/** Adds an attempt to the stored text. Drops the oldest attempts over the limit. */
export function withAttempt(stored: string, attempt: AttemptRecord): string {
  return JSON.stringify([...attemptsOf(stored), attempt].slice(-ATTEMPTS_KEPT_MAX));
}

export function attemptsOf(stored: string): AttemptRecord[] {
  return JSON.parse(stored) as AttemptRecord[];
}
