/** For how long a process can be sure that no other one leads. */
export interface Tenure {
  /**
   * No other process can begin a term before this time of the monotonic clock, in milliseconds. It moves on with each commit. In
   * the past if the last commit is too long ago to be sure.
   */
  readonly sureUntilMs: number;
  /** At least one commit must begin in each period of this many milliseconds. Null if none has to. */
  readonly commitEveryMs: number | null;
}

/** The process leads until it gives up the database, whether or not it writes anything. */
export const LIFELONG: Tenure = { sureUntilMs: Infinity, commitEveryMs: null };
