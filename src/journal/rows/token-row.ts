/** A bearer token, or a browser session. Only its hash is stored. Times are in wall-clock milliseconds. */
export interface TokenRow {
  /** SHA-256 of the token, in hex. That of a browser session is made so that no version accepts its secret as a bearer token. */
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

  /** What people and programs call the token. A rotation keeps it. Null if an earlier version made the token, whose id is then made from its hash. */
  tokenId: string | null;

  /** The owner's name for it. */
  label: string | null;

  expiresAt: number | null;

  /**
   * When it was last used, to the hour, or to the minute if it is a browser session. Null if it never was, or only under an earlier
   * version.
   */
  lastUsedAt: number | null;

  /** What it may do at most: grants, as a JSON array. Null if it may do as much as its owner. */
  scopes: string | null;

  /** Whether it was exchanged for a token of an issuer, as 1 or 0. Null if an earlier version wrote the row. */
  exchanged: number | null;
  /** `browser` for a browser session. Null for a bearer token. */
  kind: 'browser' | null;

  /** What the browser of a session said that it is. */
  userAgent: string | null;

  /** The address that a browser session was opened from. */
  address: string | null;

  /** The id of the bearer token that a browser session was opened with, and ends with. */
  openedWith: string | null;
}
