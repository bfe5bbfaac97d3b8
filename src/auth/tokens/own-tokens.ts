import { Injectable } from '@nestjs/common';
import type { Origin } from '../../audit/origin.js';
import { Clock } from '../../clock/clock.js';
import type { UserId } from '../../core/model/ids.js';
import { OctoStoreError } from '../../errors/octostore-error.js';
import { Accounts } from '../accounts.js';
import type { Caller } from '../caller.js';
import { ownFactsOf, type OwnTokenFacts } from './token-facts.js';
import { termsOf, type AskedTerms } from './token-terms.js';
import { withinLifeOf } from './life-of-token.js';
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

  /** The caller's valid tokens, oldest first. */
  list({ userId }: Caller): OwnTokenFacts[] {
    return this.accounts.validTokensOf(userId).map(ownFactsOf);
  }

  /**
   * Creates another token for the caller, who is not a service account. It ends no later than the one that the caller has signed in with.
   * Throws `forbidden`, `token_limit_exceeded`.
   */
  async create({ userId, tokenHash }: Caller, asked: AskedTerms, origin: Origin): Promise<NewOwnToken> {
    this.#assertMakesTokens(userId);
    const maker = this.#validToken(tokenHash);
    const terms = withinLifeOf(maker, termsOf(asked, this.clock));
    const { token, facts } = await this.accounts.changes.issueWith(maker, terms, origin);
    return { token, ...ownFactsOf(facts) };
  }

  /** Ends one of the caller's tokens immediately. Throws `token_not_found`. */
  async revoke({ userId }: Caller, id: string, origin: Origin): Promise<void> {
    const valid = this.accounts.validTokensOf(userId).find(({ tokenId }) => tokenId === id);
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

  #validToken(tokenHash: Caller['tokenHash']): ValidToken {
    const token = this.accounts.validToken(tokenHash);
    if (token === null) throw new OctoStoreError(this.accounts.refusalOf(tokenHash));
    return token;
  }
}
