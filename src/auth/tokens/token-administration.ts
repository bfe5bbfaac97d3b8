import { Injectable } from '@nestjs/common';
import { OPERATOR_ORIGIN, type Origin } from '../../audit/origin.js';
import { Clock } from '../../clock/clock.js';
import { afterEffect } from '../../errors/after-effect.js';
import { OctoStoreError } from '../../errors/octostore-error.js';
import type { UserRow } from '../../journal/rows/user-row.js';
import { Accounts } from '../accounts.js';
import type { Identity } from '../user-directory.js';
import { parseNamedUser, type NamedUser } from './named-user.js';
import type { NewToken, TokenDesk } from './token-desk.js';
import { factsOf, qualifiedLogin, type TokenFacts } from './token-facts.js';
import { assertValidTerms, termsOf, type AskedTerms } from './token-terms.js';
import type { ValidToken } from './valid-token.js';

/** Creates, lists and revokes tokens for administrators: for those who ask over HTTP, or else for a command on the server's machine. */
@Injectable()
export class TokenAdministration implements TokenDesk {
  constructor(
    private readonly accounts: Accounts,
    private readonly clock: Clock,
  ) {}

  async create(
    userText: string,
    asked: AskedTerms = {},
    origin: Origin = OPERATOR_ORIGIN,
  ): Promise<NewToken> {
    assertValidTerms(asked);
    const terms = termsOf(asked, this.clock);
    const { user, token, facts } = await this.accounts.changes.issue(
      this.#identityOf(userText),
      terms,
      origin,
    );
    return { token, ...factsOf(facts, user) };
  }

  list(userText?: string): Promise<TokenFacts[]> {
    const users = userText === undefined ? null : this.#usersWithLogin(parseNamedUser(userText));
    const ids = users === null ? null : new Set(users.map(({ userId }) => userId));
    const facts = this.accounts
      .validTokens()
      .filter(({ userId }) => ids === null || ids.has(userId))
      .toSorted((a, b) => (a.createdAtMs ?? 0) - (b.createdAtMs ?? 0))
      .flatMap((valid) => {
        const user = this.accounts.user(valid.userId);
        return user === null ? [] : [factsOf(valid, user)];
      });
    return Promise.resolve(facts);
  }

  async revoke(id: string, origin: Origin = OPERATOR_ORIGIN): Promise<void> {
    const valid = this.accounts.validTokens().find(({ tokenId }) => tokenId === id);
    if (valid === undefined) throw new OctoStoreError('token_not_found');
    await this.accounts.changes.revoke(valid, origin);
  }

  async revokeAllOf(userText: string, origin: Origin = OPERATOR_ORIGIN): Promise<TokenFacts[]> {
    const revoked: TokenFacts[] = [];
    const users = this.#usersWithLogin(parseNamedUser(userText));
    // If you mistype a name, you must not be led to believe that the tokens have ended.
    if (users.length === 0) {
      throw new OctoStoreError('user_not_found', {
        details: `No account on this server is named ${userText}. Check the name.`,
      });
    }
    for (const user of users) {
      const revoke = (): Promise<readonly ValidToken[]> => this.accounts.changes.revokeAllOf(user, origin);
      const ended = await (revoked.length === 0 ? revoke() : afterEffect(revoke));
      revoked.push(...ended.map((valid) => factsOf(valid, user)));
    }
    return revoked;
  }

  /** The account with this name, or that of a new local user. */
  #identityOf(userText: string): Identity {
    const named = parseNamedUser(userText);
    const users = this.#usersWithLogin(named);
    const [user] = users;
    if (user === undefined) return newLocalUser(named);
    if (users.length > 1) {
      throw new OctoStoreError('user_ambiguous', {
        details: `Use one of ${users.map(qualifiedLogin).join(', ')}.`,
      });
    }
    if (this.accounts.mayUseTokens(user)) return user;
    throw new OctoStoreError('user_not_found', {
      details: 'The configuration no longer names this user. Add the user to STATIC_TOKENS first.',
    });
  }

  #usersWithLogin({ login, provider }: NamedUser): Readonly<UserRow>[] {
    return this.accounts
      .usersWithLogin(login)
      .filter((user) => provider === null || user.provider === provider);
  }
}

/** Only local users can be created here. The others are created by their sign-in or by the configuration. */
function newLocalUser({ login, provider }: NamedUser): Identity {
  if (provider === 'github') {
    throw new OctoStoreError('user_not_found', {
      details: 'No one has signed in with GitHub under this name yet. Have the user sign in once.',
    });
  }
  if (provider === 'static') {
    throw new OctoStoreError('user_not_found', {
      details: 'STATIC_TOKENS names no such user. Add the user there first.',
    });
  }
  return { provider: 'local', subject: login, login, avatarUrl: null };
}
