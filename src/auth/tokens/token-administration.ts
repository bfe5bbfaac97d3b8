import { Injectable, Logger } from '@nestjs/common';
import { OPERATOR_ORIGIN, type Origin } from '../../audit/origin.js';
import { Clock } from '../../clock/clock.js';
import { afterEffect } from '../../errors/after-effect.js';
import { OctoStoreError } from '../../errors/octostore-error.js';
import { Accounts } from '../accounts.js';
import { BREAK_GLASS, BREAK_GLASS_SECONDS } from '../break-glass/break-glass.js';
import type { Operator } from '../operator.js';
import type { Identity } from '../user-directory.js';
import { parseNamedUser, type NamedUser } from './named-user.js';
import type { AskedBreakGlass, NewToken, TokenDesk } from './token-desk.js';
import { factsOf, qualifiedLogin, type TokenFacts } from './token-facts.js';
import { assertValidTerms, termsOf, type AskedTerms } from './token-terms.js';
import type { ValidToken } from './valid-token.js';

/** Creates, lists and revokes tokens for administrators: for those who ask over HTTP, or else for a command on the server's machine. */
@Injectable()
export class TokenAdministration implements TokenDesk {
  /** Operators know these log lines by this context. */
  readonly #logger = new Logger('BreakGlass');

  constructor(
    private readonly accounts: Accounts,
    private readonly clock: Clock,
  ) {}

  /** @param operator an administrator who asks with a token of their own, or null for someone with access to the server. */
  async create(
    userText: string,
    asked: AskedTerms = {},
    origin: Origin = OPERATOR_ORIGIN,
    operator: Operator = null,
  ): Promise<NewToken> {
    assertValidTerms(asked);
    const terms = termsOf(asked, this.clock, this.accounts.scopes);
    const identity = this.#identityOf(userText);
    if (operator !== null) this.#assertNoAdministrator(identity);
    const { user, token, facts } = await this.accounts.changes.issue(identity, terms, origin);
    return { token, ...factsOf(facts, user) };
  }

  async breakGlass(
    { expires_in_seconds, reason }: AskedBreakGlass,
    origin: Origin = OPERATOR_ORIGIN,
  ): Promise<NewToken> {
    const asked = {
      label: reason ?? BREAK_GLASS.login,
      expires_in_seconds: expires_in_seconds ?? BREAK_GLASS_SECONDS.default,
    };
    assertValidTerms(asked, BREAK_GLASS_SECONDS);
    const terms = termsOf(asked, this.clock, this.accounts.scopes);
    const { user, token, facts } = await this.accounts.changes.issue(
      BREAK_GLASS,
      terms,
      origin,
      'token.break_glass',
    );
    const made = factsOf(facts, user);
    this.#logger.warn({
      message: 'Created a token of an administrator for an emergency',
      tokenId: made.id,
      expiresAt: made.expires_at,
      reason: made.label,
    });
    return { token, ...made };
  }

  list(userText?: string): Promise<TokenFacts[]> {
    const users = userText === undefined ? null : this.accounts.usersNamed(parseNamedUser(userText));
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
    const users = this.accounts.usersNamed(parseNamedUser(userText));
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

  /**
   * Otherwise an administrator who is about to lose that, for example because the token was for an emergency, could stay one with a token
   * of another, whom the audit would then name.
   */
  #assertNoAdministrator(identity: Identity): void {
    if (!this.accounts.isAdministrator(identity)) return;
    throw new OctoStoreError('forbidden', {
      details:
        'This user is an administrator. Create the token with the admin key, or with "octostore token create" on the machine of a server. For a token of your own, use POST /tokens.',
    });
  }

  /** The account with this name, or that of a new local user. */
  #identityOf(userText: string): Identity {
    const named = parseNamedUser(userText);
    const users = this.accounts.usersToEntrust(named);
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
}

/** Only local users can be created here. The others are created by their sign-in or by the configuration. */
function newLocalUser({ login, provider }: NamedUser): Identity {
  if (provider === 'github') {
    throw new OctoStoreError('user_not_found', {
      details: 'No one has signed in with GitHub under this name yet. Have the user sign in once.',
    });
  }
  if (provider === 'service') {
    throw new OctoStoreError('user_not_found', {
      details:
        'There is no such service account. Create it first, with its owners: octostore service create.',
    });
  }
  if (provider === 'static') {
    throw new OctoStoreError('user_not_found', {
      details: 'STATIC_TOKENS names no such user. Add the user there first.',
    });
  }
  if (provider === 'oidc') {
    throw new OctoStoreError('user_not_found', {
      details:
        'This subject has not exchanged a token here yet. It needs no token from you: have it exchange its own.',
    });
  }
  return { provider: 'local', subject: login, login, avatarUrl: null };
}
