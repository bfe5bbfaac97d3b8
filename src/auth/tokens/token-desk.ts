/** A valid token as its administrators see it. */
export interface TokenFacts {
  /** Names the token without being of any use to get in with. */
  readonly id: string;
  /** Whose it is: where the account comes from, and how it is called there. */
  readonly user: string;
  readonly user_id: string;
  /** Null for a token that the configuration gives. */
  readonly created_at: string | null;
}

/** A token that was just made. This is the only time that its text is known. */
export interface NewToken extends TokenFacts {
  readonly token: string;
}

/** Where tokens are made and ended for others. All throw `OctoStoreError`, or what says why nobody could be asked. */
export interface TokenDesk {
  /**
   * Makes a token.
   *
   * @param user a login, or one with where it comes from, such as `github:ada`. A login that nobody has makes a new user.
   */
  create(user: string): Promise<NewToken>;
  /** All valid tokens, oldest first; with a user, those of everybody who is called so. */
  list(user?: string): Promise<TokenFacts[]>;
  /** Ends a token at once. */
  revoke(id: string): Promise<void>;
  /**
   * Ends all tokens of everybody who is called so at once, those included that are being made by sign-in or rotation. Returns
   * those that were valid.
   */
  revokeAllOf(user: string): Promise<TokenFacts[]>;
}
