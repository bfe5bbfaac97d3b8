/** The one row about the server itself. */
export interface ServerRow {
  /** Always 1. */
  id: number;

  /** Number of the process start that may write. */
  epoch: number;

  lastFencingToken: number;

  lastSequence: number;

  /** Events up to this sequence are no longer part of the log; the last of their rows may still be on their way out. */
  prunedThrough: number;

  /** Where a restore continued the log; clients that have seen less may have seen another history. */
  restoredAt: number;

  /** The instant of the last commit; the time line never starts before it. */
  lastInstant: number;

  /** The boot of the machine in which `monotonicOffset` holds; null where machines have no such id. */
  bootId: string | null;

  /** Instant minus monotonic clock, in milliseconds. */
  monotonicOffset: number;

  /** Wall clock minus instant, in milliseconds; not 0 once the wall clock was set while the server ran. */
  wallSkew: number;
}
