import type { Fault, Injected } from './shim.js';

/** `first`: on an empty disk. `again`: on what a process left that was killed. */
export type FaultStart = 'first' | 'again';

/** One run of clients on a store during which an operation on the database files fails. */
export interface FaultCase {
  readonly start: FaultStart;
  /** Number of the operation, from the start of the store; 0 for none. */
  readonly failAt: number;
  readonly fault: Fault;
}

/** `refused`: the store did not open. `stopped`: it opened and failed later. `unharmed`: nobody noticed anything. */
export type FaultOutcome = 'refused' | 'stopped' | 'unharmed';

export interface FaultReport {
  readonly faultCase: FaultCase;
  readonly outcome: FaultOutcome;
  readonly injected: Injected;
  /** Answers that clients were given. */
  readonly acknowledged: number;
  /** Requests that ended with an error. */
  readonly rejected: number;
  /** What should not have been. */
  readonly problems: readonly string[];
  /** What the store said when it did not open. */
  readonly refusal: string | null;
}

export interface FaultTask {
  readonly cases: readonly FaultCase[];
  readonly folder: string;
  readonly seed: number;
}

/** A case takes a fraction of a second. */
export const CASE_TAKES_AT_MOST_MS = 20_000;
