/** A bearer token, known by its hash alone. Times are wall-clock milliseconds. */
export interface TokenRow {
  /** SHA-256 of the token, in hex. */
  tokenHash: string;

  userId: string;

  /** A revoked token is remembered, so that a configured one stays revoked after a restart. */
  revokedAt: number | null;

  createdAt: number;

  /**
   * The hash of the configured token that this one was rotated from, in one step or many. Null if there is none; `unknown` if an
   * earlier version rotated it without a record.
   */
  descendsFrom: string | null;
}
