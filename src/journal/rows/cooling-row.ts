/** A lock that no one is granted for a while, although no lease holds it. */
export interface CoolingRow {
  lockName: string;

  /** The holder of the lease that ended. The lock counts in its quota. */
  userId: string;

  /** The fencing token of the lease that ended. */
  fencingToken: number;

  /** The last instant of the timeline at which the lock is not granted. */
  until: number;
}
