import type { Scope } from '../../access/scope/scope.js';
import type { Brand } from '../../core/model/brand.js';
import type { UserId } from '../../core/model/ids.js';
import type { TokenHash } from './token-format.js';

/** What people and programs call a token. It cannot be used to sign in. A rotation keeps it. */
export type TokenId = Brand<string, 'TokenId'>;

/** How many digits of a token's hash its first id has. Enough that no two tokens share an id. */
const ID_DIGITS = 16;

/** What is said about a token when it is created. */
export interface TokenTerms {
  /** The owner's name for it. Null if it has none. A sign-in may end old tokens without a label. */
  readonly label: string | null;
  /** Wall-clock milliseconds. Null if it does not expire. */
  readonly expiresAtMs: number | null;
  /** What it may do at most. Null if it may do as much as its owner. */
  readonly scope: Scope | null;
}

/** What is known of a browser session besides what is known of every token. Its owner sees it. */
export interface BrowserFacts {
  /** What the browser said that it is. */
  readonly userAgent: string | null;
  /** The address that the session was opened from. */
  readonly address: string | null;
  /** The id of the bearer token that it was opened with, and ends with. Null after a sign-in at a provider. */
  readonly openedWith: TokenId | null;
}

/** A valid token. Only its hash is known. Times are in wall-clock milliseconds. */
export interface ValidToken extends TokenTerms {
  readonly tokenHash: TokenHash;
  readonly tokenId: TokenId;
  readonly userId: UserId;
  /** Null if the token comes from the configuration. */
  readonly createdAtMs: number | null;
  /** When it was last used, to the hour, or to the minute if it is a browser session. Null if it never was. */
  readonly lastUsedAtMs: number | null;
  /** The hash of the configured token from which it was made or rotated, or `UNKNOWN_ROOT`. Null if there is none. */
  readonly descendsFrom: string | null;
  /** Whether it was exchanged for a token of an issuer. Its owner gets a new one at any time, so it ends soon. */
  readonly exchanged: boolean;
  /** Null if it is a bearer token. A browser session is one that only works as a cookie. */
  readonly browser: BrowserFacts | null;
}

export const NO_TERMS: TokenTerms = { label: null, expiresAtMs: null, scope: null };

/** The shape of an id. */
export const TOKEN_ID = new RegExp(`^[0-9a-f]{${ID_DIGITS}}$`);

/** The id of a token that was not rotated. */
export function firstIdOf(tokenHash: string): TokenId {
  return tokenHash.slice(0, ID_DIGITS) as TokenId;
}
