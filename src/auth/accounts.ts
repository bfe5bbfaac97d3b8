import { Injectable, Logger } from '@nestjs/common';
import type { Clock } from '../clock/clock.js';
import type { Config } from '../config/config.js';
import type { UserId } from '../core/ids.js';
import { OctoStoreError } from '../errors/octostore-error.js';
import type { TokenEntity } from '../store/entities/token.entity.js';
import type { UserEntity } from '../store/entities/user.entity.js';
import type { Journal } from '../store/journal.js';
import type { LockStore } from '../store/lock-store.js';
import { RowChanges } from '../store/row-changes.js';
import type { Caller } from './caller.js';
import { StaticTokens } from './tokens/static-tokens.js';
import { hashOfPresented, hashToken, makeToken, type TokenHash } from './tokens/token-format.js';
import { TokenRegistry, type ValidToken } from './tokens/token-registry.js';
import { UserDirectory, type Identity } from './user-directory.js';

/** Valid tokens that one account may have; a further sign-in ends the oldest one. */
export const TOKENS_PER_USER_MAX = 100;

/** How a holder is called whose account is unknown. */
const UNKNOWN_LOGIN = 'unknown';

/** A token just made. This is the only time that its text is known. */
export interface IssuedToken {
  readonly user: Readonly<UserEntity>;
  readonly token: string;
}

interface Parts {
  readonly store: LockStore;
  readonly clock: Clock;
  readonly users: UserDirectory;
  readonly tokens: TokenRegistry;
  readonly staticTokens: StaticTokens;
  readonly admins: ReadonlySet<string>;
}

type AccountsConfig = Pick<Config, 'STATIC_TOKENS' | 'STATIC_TOKENS_FILE' | 'ADMIN_USERS'>;

/**
 * The accounts and their valid tokens, in memory: telling who is calling takes a hash and a look-up. Changes are in force
 * from the moment at which they are durable.
 */
@Injectable()
export class Accounts {
  readonly #logger = new Logger(Accounts.name);
  readonly #store: LockStore;
  readonly #clock: Clock;
  readonly #users: UserDirectory;
  readonly #tokens: TokenRegistry;
  readonly #staticTokens: StaticTokens;
  readonly #admins: ReadonlySet<string>;
  /** Tokens whose end is on its way to disk. */
  readonly #ending = new Set<TokenHash>();
  /** How many tokens are on their way to disk, of each user that has such. */
  readonly #issuing = new Map<UserId, number>();
  readonly #endListeners: ((tokenHash: TokenHash) => void)[] = [];

  private constructor(parts: Parts) {
    this.#store = parts.store;
    this.#clock = parts.clock;
    this.#users = parts.users;
    this.#tokens = parts.tokens;
    this.#staticTokens = parts.staticTokens;
    this.#admins = parts.admins;
  }

  /** Loads all accounts and makes those that the configuration adds. Throws `ConfigError` if its tokens are not usable. */
  static async open(
    journal: Journal,
    store: LockStore,
    clock: Clock,
    config: AccountsConfig,
  ): Promise<Accounts> {
    const staticTokens = StaticTokens.fromConfig(config);
    const users = new UserDirectory(await journal.load('users'));
    const accounts = new Accounts({
      store,
      clock,
      users,
      tokens: new TokenRegistry(),
      staticTokens,
      admins: new Set(config.ADMIN_USERS.map((login) => login.toLowerCase())),
    });
    await accounts.#addStaticUsers();
    const tokens = await journal.load('tokens');
    accounts.#addTokens(tokens);
    await accounts.#forgetProvisional(tokens);
    return accounts;
  }

  /** Whether there is no account at all. */
  get isEmpty(): boolean {
    return this.#users.isEmpty;
  }

  /** Whether anybody could be told by a token. */
  get hasTokens(): boolean {
    return !this.#tokens.isEmpty;
  }

  /** The account that a bearer token stands for, or null if the token is not valid. */
  callerOf(bearerToken: string): Caller | null {
    const tokenHash = hashOfPresented(bearerToken);
    return tokenHash === null ? null : this.callerWith(tokenHash);
  }

  /** The account whose valid token has this hash, or null if there is none. */
  callerWith(tokenHash: TokenHash): Caller | null {
    const userId = this.#tokens.userOf(tokenHash);
    return userId === null ? null : this.#users.caller(userId);
  }

  /** Has `listener` told of each token that ends, as soon as it does. */
  onTokenEnd(listener: (tokenHash: TokenHash) => void): void {
    this.#endListeners.push(listener);
  }

  /** How the account is called, for people. */
  loginOf(userId: string): string {
    return this.#users.caller(userId as UserId)?.login ?? UNKNOWN_LOGIN;
  }

  user(userId: string): Readonly<UserEntity> | null {
    return this.#users.user(userId as UserId);
  }

  /**
   * Whether `ADMIN_USERS` names the caller. It names GitHub logins, in any case of letters, and nobody else: a static user
   * of the same name is another person, who administers with the admin key.
   */
  isAdmin(caller: Caller): boolean {
    const user = this.#users.user(caller.userId);
    return user?.provider === 'github' && this.#admins.has(user.login.toLowerCase());
  }

  /** The accounts that are called so, in any case of letters. */
  usersCalled(login: string): Readonly<UserEntity>[] {
    return this.#users.withLogin(login);
  }

  /** Whether tokens of this account can be used: not those of a user whom the configuration no longer names. */
  mayUseTokens({ provider, subject }: Readonly<UserEntity>): boolean {
    return provider !== 'static' || this.#staticTokens.names.has(subject);
  }

  /** All valid tokens, without their texts. */
  validTokens(): ValidToken[] {
    return [...this.#tokens.all()];
  }

  /**
   * Creates or updates the account of somebody whose identity has been proven, and issues a token for it. If it has as many as
   * allowed, the oldest one ends.
   */
  async signIn(identity: Identity): Promise<IssuedToken> {
    const issued = await this.#issue(identity, 'end_oldest');
    const { userId, login, provider } = issued.user;
    this.#logger.log({ message: 'Signed in', userId, login, provider });
    return issued;
  }

  /** Issues a token for an account, which is created if there is none. Throws `token_limit_exceeded`. */
  async issue(identity: Identity): Promise<IssuedToken> {
    const issued = await this.#issue(identity, 'refuse');
    const { userId, login, provider } = issued.user;
    this.#logger.log({ message: 'Issued a token', userId, login, provider });
    return issued;
  }

  /**
   * Ends a token at once and for good, also if the configuration goes on giving it. One whose rotation or revocation is under
   * way is `token_not_found`, as soon as it has ended.
   */
  async revoke({ tokenHash, userId }: ValidToken): Promise<void> {
    this.#store.admission.admit('existing');
    const changes = new RowChanges();
    if (this.#ending.has(tokenHash)) {
      await this.#store.write(changes);
      throw new OctoStoreError('token_not_found');
    }
    this.#endIn(changes, tokenHash, userId);
    await this.#whileEnding(tokenHash, () => this.#store.write(changes));
    this.#forget(tokenHash);
    this.#logger.log({ message: 'Revoked a token', userId, login: this.loginOf(userId) });
  }

  /**
   * Puts a new token in the place of a valid one, which ends at once. One whose rotation or revocation is under way is
   * `unauthorized`.
   */
  async rotate(bearerToken: string): Promise<string> {
    this.#store.admission.admit('existing');
    const caller = this.callerOf(bearerToken);
    const tokenHash = hashToken(bearerToken);
    if (caller === null || this.#ending.has(tokenHash)) throw new OctoStoreError('unauthorized');
    return this.#whileEnding(tokenHash, () => this.#replace(tokenHash, caller.userId));
  }

  /**
   * Makes an account that can be used but is forgotten at the next start, unless `keep` is called: its token has yet to be
   * told to somebody.
   */
  async makeProvisional(identity: Identity): Promise<IssuedToken> {
    const { user, rows } = this.#users.decide(identity, this.#clock.wallMs());
    const token = await this.#writeNewToken(user, new RowChanges(), () => this.#users.publish(rows));
    return { user, token };
  }

  /** Makes a provisional account last. */
  async keep(user: Readonly<UserEntity>): Promise<void> {
    await this.#store.write(new RowChanges().put('users', user));
  }

  async #issue(identity: Identity, beyondLimit: 'end_oldest' | 'refuse'): Promise<IssuedToken> {
    this.#store.admission.admit('new');
    const { user, rows } = this.#users.decide(identity, this.#clock.wallMs());
    const tokens = this.#tokens.tokensOf(user.userId as UserId);
    const expected = tokens.length + (this.#issuing.get(user.userId as UserId) ?? 0) + 1;
    const surplus = tokens.slice(0, Math.max(0, expected - TOKENS_PER_USER_MAX));
    if (expected > TOKENS_PER_USER_MAX && beyondLimit === 'refuse')
      throw new OctoStoreError('token_limit_exceeded');
    const changes = new RowChanges();
    for (const row of rows) changes.put('users', row);
    for (const tokenHash of surplus) changes.remove('tokens', tokenHash);
    const token = await this.#whileIssuing(user.userId as UserId, () =>
      this.#writeNewToken(user, changes, () => {
        this.#users.publish(rows);
        for (const tokenHash of surplus) this.#forget(tokenHash);
      }),
    );
    return { user, token };
  }

  #forget(tokenHash: TokenHash): void {
    this.#tokens.remove(tokenHash);
    for (const listener of this.#endListeners) listener(tokenHash);
  }

  async #whileIssuing<T>(userId: UserId, issue: () => Promise<T>): Promise<T> {
    this.#issuing.set(userId, (this.#issuing.get(userId) ?? 0) + 1);
    try {
      return await issue();
    } finally {
      const others = (this.#issuing.get(userId) ?? 1) - 1;
      if (others === 0) this.#issuing.delete(userId);
      else this.#issuing.set(userId, others);
    }
  }

  async #whileEnding<T>(tokenHash: TokenHash, end: () => Promise<T>): Promise<T> {
    this.#ending.add(tokenHash);
    try {
      return await end();
    } finally {
      this.#ending.delete(tokenHash);
    }
  }

  /** Makes a token for a user together with other changes, which are published just before it. */
  async #writeNewToken(
    { userId }: Pick<UserEntity, 'userId'>,
    changes: RowChanges,
    publish: () => void,
  ): Promise<string> {
    const token = makeToken();
    const valid = {
      tokenHash: hashToken(token),
      userId: userId as UserId,
      createdAtMs: this.#clock.wallMs(),
    };
    const { tokenHash, createdAtMs: createdAt } = valid;
    changes.put('tokens', { tokenHash, userId, revokedAt: null, createdAt });
    await this.#store.write(changes);
    publish();
    this.#tokens.add(valid);
    return token;
  }

  async #replace(tokenHash: TokenHash, userId: UserId): Promise<string> {
    const changes = new RowChanges();
    this.#endIn(changes, tokenHash, userId);
    const token = await this.#writeNewToken({ userId }, changes, () => this.#forget(tokenHash));
    this.#logger.log({ message: 'Rotated a token', userId, login: this.loginOf(userId) });
    return token;
  }

  /** A token that the configuration gives would come back at the next start, so it is remembered as revoked. */
  #endIn(changes: RowChanges, tokenHash: TokenHash, userId: UserId): void {
    const nowMs = this.#clock.wallMs();
    if (this.#staticTokens.has(tokenHash)) {
      changes.put('tokens', { tokenHash, userId, revokedAt: nowMs, createdAt: nowMs });
    } else changes.remove('tokens', tokenHash);
  }

  async #addStaticUsers(): Promise<void> {
    const missing = [...this.#staticTokens.names]
      .filter((name) => this.#users.find('static', name) === null)
      .flatMap((name) => this.#users.decide(staticIdentity(name), this.#clock.wallMs()).rows);
    if (missing.length === 0) return;
    const changes = new RowChanges();
    for (const user of missing) changes.put('users', user);
    await this.#store.write(changes);
    this.#users.publish(missing);
  }

  #addTokens(rows: readonly TokenEntity[]): void {
    const revoked = new Set<string>();
    for (const row of rows.toSorted((a, b) => a.createdAt - b.createdAt)) {
      const { tokenHash, userId, createdAt } = row;
      const user = this.user(userId);
      if (row.revokedAt !== null) revoked.add(tokenHash);
      else if (user !== null && this.mayUseTokens(user))
        this.#tokens.add({
          tokenHash: tokenHash as TokenHash,
          userId: userId as UserId,
          createdAtMs: createdAt,
        });
    }
    for (const [tokenHash, name] of this.#staticTokens.entries()) {
      const user = this.#users.find('static', name);
      if (user === null || revoked.has(tokenHash)) continue;
      this.#tokens.add({ tokenHash, userId: user.userId as UserId, createdAtMs: null });
    }
  }

  /** A provisional account that was not kept leaves tokens of nobody. */
  async #forgetProvisional(rows: readonly TokenEntity[]): Promise<void> {
    const orphans = rows.filter(({ userId }) => this.user(userId) === null);
    if (orphans.length === 0) return;
    const changes = new RowChanges();
    for (const { tokenHash } of orphans) changes.remove('tokens', tokenHash);
    await this.#store.write(changes);
  }
}

function staticIdentity(name: string): Identity {
  return { provider: 'static', subject: name, login: name, avatarUrl: null };
}
