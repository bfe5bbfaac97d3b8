/** The times that keep two processes from leading at once, in milliseconds of each process's monotonic clock. */
export interface Timing {
  /** How long a process leads without a commit before another one may take over. */
  readonly leaseMs: number;
  /**
   * How much longer that is for each lease in the database if the process has not said yet where it can be reached. It loads the state
   * then, and may be too busy with that to commit. It serves no one before it has committed on top of its take-over.
   */
  readonly loadMsPerLease: number;
  /** How much earlier than that the leader stops being sure, because monotonic clocks do not all run at the same rate. */
  readonly marginMs: number;
  /** How often a process that does not lead looks at the server row. */
  readonly observeEveryMs: number;
}

export const TIMING: Timing = { leaseMs: 3_000, loadMsPerLease: 0.02, marginMs: 500, observeEveryMs: 100 };

/** How many commits an idle leader makes in the time after which another process may take over. */
export const COMMITS_PER_LEASE = 4;
