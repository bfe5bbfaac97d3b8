import type { Address } from '../../kit/http/connection.js';

/** What a load generator is to do, as JSON in its first argument. */
export interface LoadTask {
  readonly address: Address;
  readonly connections: number;
  readonly seconds: number;
  /** Requests that are sent each second, whether or not those before have been answered; null for as many as are answered. */
  readonly perSecond: number | null;
  /** The bearer tokens are nobody's. */
  readonly badTokens: boolean;
}

/** What came of it, as JSON in its last message. */
export interface LoadResult {
  /** Answers by status. */
  readonly answers: Readonly<Record<string, number>>;
  /** Requests that were answered and not refused, a second. */
  readonly servedPerSecond: number;
  readonly refusedWithoutRetryAfter: number;
  /** Requests that were due when every connection was still waiting for an answer. */
  readonly notSent: number;
  readonly connectionsLost: number;
}
