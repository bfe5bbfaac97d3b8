import type { TokenFacts } from './token-facts.js';
import type { AskedTerms } from './token-terms.js';

/** A newly created token. This is the only time that the token itself is known. */
export interface NewToken extends TokenFacts {
  readonly token: string;
}

/** What a command says about a token for an emergency. */
export interface AskedBreakGlass {
  /** At most an hour. A quarter of an hour by default. */
  readonly expires_in_seconds?: number | null | undefined;
  /** It becomes the label of the token. */
  readonly reason?: string | null | undefined;
}

/**
 * Creates, lists and revokes tokens for administrators, in this process or through a running server. Methods throw
 * `OctoStoreError`, or the reason why no server could be reached.
 */
export interface TokenDesk {
  /**
   * Creates a token.
   *
   * @param user a login, or a login with its source, such as `github:ada`. If no one has this login, a new local user is created.
   * @param asked its label and how long it lasts. By default it has none, and does not expire.
   */
  create(user: string, asked?: AskedTerms): Promise<NewToken>;
  /** Creates a token of an administrator that expires within an hour, even if no one can sign in. */
  breakGlass(asked: AskedBreakGlass): Promise<NewToken>;
  /** All valid tokens, oldest first. If `user` is given, only those of users with that name. */
  list(user?: string): Promise<TokenFacts[]>;
  /** Ends a token immediately. */
  revoke(id: string): Promise<void>;
  /**
   * Immediately ends all tokens of users with this name, including tokens that a sign-in or rotation is creating now. Returns
   * those that were valid.
   */
  revokeAllOf(user: string): Promise<TokenFacts[]>;
}
