/** What clients do how often. Chances are from 0 to 1. */
export interface Habits {
  /** That a client without anything to settle looks at a lock. */
  readonly look: number;
  /** That an acquire of a lock that all want waits for its turn. */
  readonly wait: number;
  /** That a lease on such a lock is a short one, most of which are left to end by themselves. */
  readonly shortLease: number;
  /** TTLs of short leases, in seconds. */
  readonly shortTtls: readonly number[];
}

/** A bit of everything. */
export const USUAL_HABITS: Habits = { look: 0.1, wait: 0.05, shortLease: 0.05, shortTtls: [1, 2] };
