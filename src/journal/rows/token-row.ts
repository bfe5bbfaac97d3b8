/** A bearer token. Only its hash is stored. Times are in wall-clock milliseconds. */
export interface TokenRow {
  /** SHA-256 of the token, in hex. */
  tokenHash: string;

  userId: string;

  /** When the token was revoked. The row is kept, so that a configured token stays revoked after a restart. */
  revokedAt: number | null;

  createdAt: number;

  /**
   * The hash of the configured token from which this one was rotated, directly or in several steps. Null if there is none.
   * `unknown` if an earlier version rotated it without recording that.
   */
  descendsFrom: string | null;
}
