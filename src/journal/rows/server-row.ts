/** The single row with the server's own state. */
export interface ServerRow {
  /** Always 1. */
  id: number;

  /** The current term. Only the process that began it may write. */
  epoch: number;

  lastFencingToken: number;

  lastSequence: number;

  /** Events up to this sequence are no longer part of the log. Some of their rows may not have been deleted yet. */
  prunedThrough: number;

  /**
   * The sequence at which the last restore continued the log. Clients with an older position may have seen events that were
   * lost.
   */
  restoredAt: number;

  /** The instant of the last commit. The timeline never starts before it. */
  lastInstant: number;

  /** The id of the machine's boot in which `monotonicOffset` is valid. Null if the machine has no boot ids. */
  bootId: string | null;

  /** Instant minus monotonic clock, in milliseconds. */
  monotonicOffset: number;

  /** Wall clock minus instant, in milliseconds. It changes when the wall clock is set while the server runs. */
  wallSkew: number;

  /** The graces that take-overs gave, as JSON. Null if there are none, and always with an engine that only restarts. */
  graces: string | null;
}
