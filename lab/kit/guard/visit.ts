import type { Hold } from '../../../src/core/model/demand.js';

/** One lock of a lease, and how the lease holds it. */
export interface HeldLock {
  readonly name: string;
  readonly hold: Hold;
}

/** The holder of a lease uses what its locks protect. */
export interface Visit {
  /** The same for every access under one lease. */
  readonly id: string;
  readonly actor: string;
  readonly token: number;
  /** Before this moment of the machine's monotonic clock, the lease has certainly not ended, unless its holder has released it. */
  readonly safeUntilMs: number;
  readonly locks: readonly HeldLock[];
}
