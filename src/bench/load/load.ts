import type { LatencySummary } from './latency.js';

/** Where the load goes. */
export interface Target {
  readonly host: string;
  readonly port: number;
  readonly isSecure: boolean;
  /** What stands before every path, without a slash at its end. */
  readonly basePath: string;
  readonly token: string;
}

/** What a load generator is to do, as JSON in its first argument. */
export interface LoadTask {
  readonly workload: string;
  readonly target: Target;
  readonly connections: number;
  /** Seconds at the beginning that are not measured. */
  readonly warmupSeconds: number;
  readonly seconds: number;
  /** Requests a second, due whether or not earlier ones have been answered; null: each connection asks again once it is answered. */
  readonly rate: number | null;
}

/** What came of one kind of request. */
export interface OperationResult {
  readonly operation: string;
  /** As `Latencies.encode` makes it. Of successes only: a refusal is quick and would flatter. */
  readonly latencies: string;
  /** Successes a second, of those that came within the measured time. */
  readonly perSecond: number;
  /** How often it did not succeed, by what came instead. */
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
  /** Requests that were due, by the rate, but never sent, because every connection was waiting for an answer. */
  readonly notSent: number;
  /** How much later than due requests were sent though a connection was free; part of their latency. Null without a rate. */
  readonly lateness: LatencySummary | null;
  /** Processor time of the generator for each second of the measured time. */
  readonly generatorCpu: number;
}

/** What a load generator tells while it works, and in the end. */
export type LoadMessage =
  | { readonly kind: 'measuring' }
  | { readonly kind: 'second'; readonly second: Second }
  | { readonly kind: 'measured' }
  | { readonly kind: 'result'; readonly result: LoadResult }
  | { readonly kind: 'failed'; readonly message: string };
