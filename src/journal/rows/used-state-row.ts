/** The state of a sign-in that has been finished, so that no one can finish it again. */
export interface UsedStateRow {
  /** SHA-256, in hexadecimal. */
  stateHash: string;

  /** The last instant of the timeline at which the state would be valid. */
  expiresAt: number;
}
