/** How often clients do what. Probabilities are from 0 to 1. */
export interface OperationMix {
  /** The probability that an idle client reads a lock. */
  readonly read: number;
  /** The probability that an acquire of a shared lock waits for its turn. */
  readonly wait: number;
  /** The probability that a lease on a shared lock is a short one. Most short leases are left to expire. */
  readonly shortLease: number;
  /** The TTLs of short leases, in seconds. */
  readonly shortTtls: readonly number[];
}

/** Some of everything. */
export const DEFAULT_MIX: OperationMix = { read: 0.1, wait: 0.05, shortLease: 0.05, shortTtls: [1, 2] };
