/** A lease that someone else ended. It is remembered for a while, so that its holder can be told why. */
export interface BrokenLeaseRow {
  fencingToken: number;

  leaseId: string;

  userId: string;

  /** JSON: the names of all locks that the lease held, in the order in which they were asked for. */
  lockNames: string;

  /** The user who broke it. Null if it was someone with the admin key. */
  brokenBy: string | null;

  reason: string;

  /** An instant of the timeline. */
  brokenAt: number;
}
