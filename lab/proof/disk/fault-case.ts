import type { Fault, Injected } from './shim.js';

/** `empty`: without a database. `killed`: on the database of a process that was killed. */
export type FaultStart = 'empty' | 'killed';

/** One run of clients on a store, in which an operation on the database files fails. */
export interface FaultCase {
  readonly start: FaultStart;
  /** The number of the operation, counted from the store's start. 0 for none. */
  readonly failAt: number;
  readonly fault: Fault;
}

/** `refused`: the store did not open. `stopped`: it opened and failed later. `unharmed`: the fault had no effect. */
export type FaultOutcome = 'refused' | 'stopped' | 'unharmed';

export interface FaultReport {
  readonly faultCase: FaultCase;
  readonly outcome: FaultOutcome;
  readonly injected: Injected;
  /** How many requests were answered. */
  readonly acknowledged: number;
  /** How many requests were rejected with an error. */
  readonly rejected: number;
  /** The violations that were found. */
  readonly problems: readonly string[];
  /** Why the store did not open. Null if it did. */
  readonly refusal: string | null;
}

export interface FaultTask {
  readonly cases: readonly FaultCase[];
  readonly folder: string;
  readonly seed: number;
}

/** Generous: a case takes a fraction of a second. */
export const CASE_TIMEOUT_MS = 20_000;
