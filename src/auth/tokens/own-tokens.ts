import { Injectable } from '@nestjs/common';
import type { Origin } from '../../audit/origin.js';
import { Clock } from '../../clock/clock.js';
import type { UserId } from '../../core/model/ids.js';
import { OctoStoreError } from '../../errors/octostore-error.js';
import { Accounts } from '../accounts.js';
import type { Caller } from '../caller.js';
import { ownFactsOf, type OwnTokenFacts } from './token-facts.js';
import { termsOf, type AskedTerms } from './token-terms.js';
import { termsMadeWith } from './terms-made-with.js';
import type { ValidToken } from './valid-token.js';

/** A newly created token. This is the only time that the token itself is known. */
export interface NewOwnToken extends OwnTokenFacts {
  readonly token: string;
}

/** What users do with their own tokens. */
@Injectable()
export class OwnTokens {
  constructor(
    private readonly accounts: Accounts,
    private readonly clock: Clock,
  ) {}

  /** The token with which the caller has signed in. Throws `unauthorized` if it has just ended. */
  current({ tokenHash }: Caller): OwnTokenFacts {
    return ownFactsOf(this.#validToken(tokenHash));
  }

  /** The caller's valid bearer tokens, oldest first. */
  list(caller: Caller): OwnTokenFacts[] {
    return this.#tokensOf(caller).map(ownFactsOf);
  }

  /**
   * Creates another token for the caller, who is not a service account. It ends no later than the one that the caller has signed in
   * with, and has no wider scopes. Throws `forbidden`, `scope_too_wide`, `validation_failed`, `token_limit_exceeded`.
   */
  async create({ userId, tokenHash }: Caller, asked: AskedTerms, origin: Origin): Promise<NewOwnToken> {
    this.#assertMakesTokens(userId);
    const maker = this.#validToken(tokenHash);
    const terms = termsMadeWith(maker, termsOf(asked, this.clock, this.accounts.scopes));
    const { token, facts } = await this.accounts.changes.issueWith(maker, terms, origin);
    return { token, ...ownFactsOf(facts) };
  }

  /** Ends one of the caller's tokens immediately. Throws `token_not_found`. */
  async revoke(caller: Caller, id: string, origin: Origin): Promise<void> {
    const valid = this.#tokensOf(caller).find(({ tokenId }) => tokenId === id);
    if (valid === undefined) throw new OctoStoreError('token_not_found');
    await this.accounts.changes.revoke(valid, origin);
  }

  /** With a leaked token, a thief could otherwise make one under another label, which would stay when the leaked one is revoked. */
  #assertMakesTokens(userId: UserId): void {
    if (this.accounts.user(userId)?.provider !== 'service') return;
    throw new OctoStoreError('forbidden', {
      details:
        'The tokens of a service account are created by its owners. Ask one of them for another token.',
    });
  }

  /** The bearer tokens of the caller. A token with scopes neither sees nor ends the other tokens of its owner. */
  #tokensOf({ userId, scope, tokenId }: Caller): ValidToken[] {
    const tokens = this.accounts.validTokensOf(userId).filter(({ browser }) => browser === null);
    return scope === null ? tokens : tokens.filter((token) => token.tokenId === tokenId);
  }

  #validToken(tokenHash: Caller['tokenHash']): ValidToken {
    const token = this.accounts.validToken(tokenHash);
    if (token === null) throw new OctoStoreError(this.accounts.refusalOf(tokenHash));
    return token;
  }
}
