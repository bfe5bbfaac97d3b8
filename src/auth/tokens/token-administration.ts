import { Injectable } from '@nestjs/common';
import { OctoStoreError } from '../../errors/octostore-error.js';
import type { UserEntity } from '../../store/entities/user.entity.js';
import { Accounts } from '../accounts.js';
import type { Identity } from '../user-directory.js';
import { USER_NAME } from './static-tokens.js';
import type { NewToken, TokenDesk, TokenFacts } from './token-desk.js';
import { hashToken } from './token-format.js';
import type { ValidToken } from './token-registry.js';

/** Digits of a token's hash that name it: too many for two tokens to share them. */
const ID_DIGITS = 16;

type Provider = UserEntity['provider'];

const PROVIDERS: readonly Provider[] = ['github', 'static', 'local'];

/** Makes, shows and ends tokens on behalf of administrators. */
@Injectable()
export class TokenAdministration implements TokenDesk {
  constructor(private readonly accounts: Accounts) {}

  async create(userText: string): Promise<NewToken> {
    const { user, token } = await this.accounts.issue(this.#identityOf(userText));
    const tokenHash = hashToken(token);
    const made = this.accounts.validTokens().find((valid) => valid.tokenHash === tokenHash);
    // Somebody may have revoked it already.
    if (made === undefined) throw new OctoStoreError('token_not_found');
    return { token, ...factsOf(made, user) };
  }

  list(userText?: string): Promise<TokenFacts[]> {
    const users = userText === undefined ? null : this.#usersMeantBy(userText);
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

  async revoke(id: string): Promise<void> {
    const valid = this.accounts.validTokens().find(({ tokenHash }) => idOf(tokenHash) === id);
    if (valid === undefined) throw new OctoStoreError('token_not_found');
    await this.accounts.revoke(valid);
  }

  /** The one account that is meant, or that of a new local user. */
  #identityOf(userText: string): Identity {
    const [user, ...others] = this.#usersMeantBy(userText);
    if (others.length > 0) {
      const names = this.#usersMeantBy(userText).map(nameOf).join(', ');
      throw invalid(`Several users are called so: ${names}. Say which.`);
    }
    if (user !== undefined) {
      if (!this.accounts.mayUseTokens(user))
        throw invalid('The configuration no longer names this user, so a token would be of no use.');
      return user;
    }
    const [login, provider] = partsOf(userText);
    if (provider === 'github') throw invalid('Nobody has signed in with GitHub under this name yet.');
    if (provider === 'static') throw invalid('STATIC_TOKENS names no such user.');
    if (!USER_NAME.test(login))
      throw invalid("A user's name has at most 100 characters and no white space, comma or colon.");
    return { provider: 'local', subject: login, login, avatarUrl: null };
  }

  #usersMeantBy(userText: string): Readonly<UserEntity>[] {
    const [login, provider] = partsOf(userText);
    return this.accounts.usersCalled(login).filter((user) => provider === null || user.provider === provider);
  }
}

/** The login, and where the account comes from if that is said. */
function partsOf(userText: string): [login: string, provider: Provider | null] {
  const colon = userText.indexOf(':');
  const provider = PROVIDERS.find((name) => name === userText.slice(0, colon));
  return provider === undefined ? [userText, null] : [userText.slice(colon + 1), provider];
}

function idOf(tokenHash: string): string {
  return tokenHash.slice(0, ID_DIGITS);
}

function factsOf({ tokenHash, createdAtMs }: ValidToken, user: Readonly<UserEntity>): TokenFacts {
  return {
    id: idOf(tokenHash),
    user: nameOf(user),
    user_id: user.userId,
    created_at: createdAtMs === null ? null : new Date(createdAtMs).toISOString(),
  };
}

function nameOf({ provider, login }: Pick<UserEntity, 'provider' | 'login'>): string {
  return `${provider}:${login}`;
}

function invalid(details: string): OctoStoreError {
  return new OctoStoreError('validation_failed', { details });
}
