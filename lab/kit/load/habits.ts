/** How often clients do what. Chances are from 0 to 1. */
export interface Habits {
  /** That a client with nothing unfinished reads a lock. */
  readonly look: number;
  /** That an acquire of a contended lock waits in line. */
  readonly wait: number;
  /** That a lease of such a lock is short. Most short leases are left to expire. */
  readonly shortLease: number;
  /** TTLs of short leases, in seconds. */
  readonly shortTtls: readonly number[];
}

/** A bit of everything. */
export const USUAL_HABITS: Habits = { look: 0.1, wait: 0.05, shortLease: 0.05, shortTtls: [1, 2] };
