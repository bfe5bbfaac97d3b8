/** What an installation may choose about the law. */
export interface LawOptions {
  /** Locks that all users together may hold. */
  readonly maxLocks: number;
  readonly maxLocksPerUser: number;
  /** Sessions that are kept for all users together, those that have expired and are remembered included. */
  readonly maxSessions: number;
  /** Sessions that a user may have alive. As many again are remembered once they have expired. */
  readonly maxSessionsPerUser: number;
  /** Requests that may wait for locks at the same time, of all users together. */
  readonly maxWaiters: number;
  readonly maxWaitersPerUser: number;
}
