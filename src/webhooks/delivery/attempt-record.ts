/** Why an attempt failed, in a word. `status` means that the receiver answered, with something other than success. */
export const ATTEMPT_ERRORS = [
  'status',
  'redirect',
  'url_refused',
  'address_refused',
  'host_not_found',
  'connect_failed',
  'tls_failed',
  'connection_lost',
  'malformed_answer',
  'timeout',
] as const;

export type AttemptError = (typeof ATTEMPT_ERRORS)[number];

/** What came of calling a receiver once. */
export interface AttemptOutcome {
  /** The status that the receiver answered with; null if it gave none. */
  readonly status: number | null;
  /** Null if the receiver has taken the message. */
  readonly error: AttemptError | null;
  /** How long the receiver wants to be left alone. */
  readonly retryAfterMs: number | null;
  readonly durationMs: number;
}

/** An attempt as it is remembered. */
export interface AttemptRecord {
  /** Wall-clock milliseconds. */
  readonly at: number;
  readonly status: number | null;
  readonly error: AttemptError | null;
  readonly durationMs: number;
}

/** Attempts of one delivery that are remembered; redelivering again and again adds more. */
const REMEMBERED_MAX = 20;

/** The stored text of attempts with one more at its end, and without the oldest beyond the bound. */
export function withAttempt(stored: string, attempt: AttemptRecord): string {
  return JSON.stringify([...attemptsOf(stored), attempt].slice(-REMEMBERED_MAX));
}

export function attemptsOf(stored: string): AttemptRecord[] {
  return JSON.parse(stored) as AttemptRecord[];
}
