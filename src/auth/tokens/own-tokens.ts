import { Injectable } from '@nestjs/common';
import type { Origin } from '../../audit/origin.js';
import { Clock } from '../../clock/clock.js';
import { OctoStoreError } from '../../errors/octostore-error.js';
import { Accounts } from '../accounts.js';
import type { Caller } from '../caller.js';
import { ownFactsOf, type OwnTokenFacts } from './token-facts.js';
import { termsOf, type AskedTerms } from './token-terms.js';
import type { TokenTerms, ValidToken } from './valid-token.js';

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
  list({ userId }: Caller): OwnTokenFacts[] {
    return this.#bearerTokensOf(userId).map(ownFactsOf);
  }

  /**
   * Creates another token for the caller. It ends no later than the one that the caller has signed in with. Throws `forbidden`,
   * `token_limit_exceeded`.
   */
  async create({ tokenHash }: Caller, asked: AskedTerms, origin: Origin): Promise<NewOwnToken> {
    const maker = this.#validToken(tokenHash);
    const terms = withinLifeOf(maker, termsOf(asked, this.clock));
    const { token, facts } = await this.accounts.changes.issueWith(maker, terms, origin);
    return { token, ...ownFactsOf(facts) };
  }

  /** Ends one of the caller's tokens immediately. Throws `token_not_found`. */
  async revoke({ userId }: Caller, id: string, origin: Origin): Promise<void> {
    const valid = this.#bearerTokensOf(userId).find(({ tokenId }) => tokenId === id);
    if (valid === undefined) throw new OctoStoreError('token_not_found');
    await this.accounts.changes.revoke(valid, origin);
  }

  #bearerTokensOf(userId: Caller['userId']): ValidToken[] {
    return this.accounts.validTokensOf(userId).filter(({ browser }) => browser === null);
  }

  #validToken(tokenHash: Caller['tokenHash']): ValidToken {
    const token = this.accounts.validToken(tokenHash);
    if (token === null) throw new OctoStoreError(this.accounts.refusalOf(tokenHash));
    return token;
  }
}

/** Otherwise a thief with a token that is about to end could make one that does not. */
function withinLifeOf({ expiresAtMs: end }: ValidToken, terms: TokenTerms): TokenTerms {
  if (end === null) return terms;
  if (terms.expiresAtMs === null) return { ...terms, expiresAtMs: end };
  if (terms.expiresAtMs <= end) return terms;
  throw new OctoStoreError('forbidden', {
    details: `The token that you use expires at ${new Date(end).toISOString()}, so it cannot create one that lasts longer. Sign in again, or ask for less time.`,
  });
}
