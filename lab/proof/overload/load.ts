import type { Address } from '../../kit/http/connection.js';

/** The task of a load generator, as JSON in its first argument. */
export interface LoadTask {
  readonly address: Address;
  readonly connections: number;
  readonly seconds: number;
  /** Requests per second, sent whether or not earlier ones were answered. Null to send each after the previous answer. */
  readonly perSecond: number | null;
  /** Whether the bearer tokens are invalid. */
  readonly badTokens: boolean;
}

/** The result, as JSON in the last message. */
export interface LoadResult {
  /** Answers by status. */
  readonly answers: Readonly<Record<string, number>>;
  /** Requests per second that were answered and not refused. */
  readonly servedPerSecond: number;
  readonly refusedWithoutRetryAfter: number;
  /** Requests that were skipped because every connection was waiting for an answer. */
  readonly notSent: number;
  readonly connectionsLost: number;
}
