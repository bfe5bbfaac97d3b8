import type { LatencySummary } from './latency.js';

/** Where the load goes. */
export interface Target {
  readonly host: string;
  readonly port: number;
  readonly isSecure: boolean;
  /** The prefix of every path, without a slash at its end. */
  readonly basePath: string;
  readonly token: string;
}

/** The task of a load generator, passed as JSON in its first argument. */
export interface LoadTask {
  readonly workload: string;
  readonly target: Target;
  readonly connections: number;
  /** Seconds before the measurement begins. */
  readonly warmupSeconds: number;
  readonly seconds: number;
  /**
   * Requests per second, due even if earlier ones have no answer yet. If null, each connection sends its next request as soon
   * as it has an answer.
   */
  readonly rate: number | null;
}

/** The results of one kind of request. */
export interface OperationResult {
  readonly operation: string;
  /** From `Latencies.encode`. Successes only, because quick refusals would make the server look faster. */
  readonly latencies: string;
  /** Successes per second within the measured time. */
  readonly perSecond: number;
  /** How many requests failed, by reason. */
  readonly failures: Readonly<Record<string, number>>;
}

/** One second of the measured time. */
export interface Second extends LatencySummary {
  readonly second: number;
  readonly failures: number;
}

export interface LoadResult {
  readonly operations: readonly OperationResult[];
  readonly timeline: readonly Second[];
  /** Requests that were due but never sent, because every connection was waiting for an answer. */
  readonly notSent: number;
  /** How late requests were sent although a connection was free. This is part of their latency. Null without a rate. */
  readonly lateness: LatencySummary | null;
  /** Processor seconds of the generator per second of the measured time. */
  readonly generatorCpu: number;
}

/** A message from a load generator: its progress, and finally its result. */
export type LoadMessage =
  | { readonly kind: 'measuring' }
  | { readonly kind: 'second'; readonly second: Second }
  | { readonly kind: 'measured' }
  | { readonly kind: 'result'; readonly result: LoadResult }
  | { readonly kind: 'failed'; readonly message: string };
