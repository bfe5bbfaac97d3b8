/** Why an attempt failed. `status` means that the receiver answered, but with an error. */
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

/** The result of one call to a receiver. */
export interface AttemptOutcome {
  /** The HTTP status of the answer. Null if there was none. */
  readonly status: number | null;
  /** Null if the receiver has accepted the message. */
  readonly error: AttemptError | null;
  /** How long the receiver asks us to wait. Null if it does not ask. */
  readonly retryAfterMs: number | null;
  readonly durationMs: number;
}
