import { Injectable } from '@nestjs/common';
import type { Clock } from '../clock/clock.js';
import type { UserId } from '../core/model/ids.js';
import type { Journal } from '../journal/journal.js';
import type { UserRow } from '../journal/rows/user-row.js';
import type { LockStore } from '../store/lock-store.js';
import { AccountChanges } from './account-changes.js';
import type { Caller } from './caller.js';
import {
  applyConfig,
  loadAccounts,
  mayUseTokens,
  type AccountsConfig,
  type LoadedAccounts,
} from './load-accounts.js';
import type { NamedAccounts } from './named-accounts.js';
import type { StaticTokens } from './tokens/static-tokens.js';
import { hashOfPresented, type TokenHash } from './tokens/token-format.js';
import type { ValidToken } from './tokens/token-registry.js';
import type { Tokens } from './tokens/tokens.js';
import type { UserDirectory } from './user-directory.js';

/** The accounts and their valid tokens, in memory: telling who is calling takes a hash and a look-up. */
@Injectable()
export class Accounts {
  /** Signing in, and all else that changes them. */
  readonly changes: AccountChanges;
  /** Whom the configuration names. */
  readonly named: NamedAccounts;
  readonly #users: UserDirectory;
  readonly #tokens: Tokens;
  readonly #staticTokens: StaticTokens;

  private constructor(loaded: LoadedAccounts) {
    this.changes = new AccountChanges(loaded);
    this.named = loaded.named;
    this.#users = loaded.users;
    this.#tokens = loaded.tokens;
    this.#staticTokens = loaded.staticTokens;
  }

  /**
   * Opens the accounts for a server: loads them, makes those that the configuration adds, and ends for good what descends from
   * tokens that it no longer has. Throws `ConfigError` if its tokens are not usable.
   */
  static async open(
    journal: Journal,
    store: LockStore,
    clock: Clock,
    config: AccountsConfig,
  ): Promise<Accounts> {
    const loaded = await loadAccounts({ journal, store, clock, config });
    await applyConfig(loaded, journal);
    return new Accounts(loaded);
  }

  /**
   * The same for a command while no server runs. It may have been given another configuration than the server, so nothing that
   * the configuration no longer names ends for good.
   */
  static async openForCommand(
    journal: Journal,
    store: LockStore,
    clock: Clock,
    config: AccountsConfig,
  ): Promise<Accounts> {
    return new Accounts(await loadAccounts({ journal, store, clock, config }));
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
    const token = this.#tokens.find(tokenHash);
    if (token === null) return null;
    const user = this.#users.user(token.userId);
    return user === null ? null : { userId: token.userId, login: user.login, tokenHash };
  }

  /** Calls `onUse` when somebody presents the token for the first time from now on. Returns false if it is not valid. */
  onFirstUse(bearerToken: string, onUse: () => void): boolean {
    const tokenHash = hashOfPresented(bearerToken);
    return tokenHash !== null && this.#tokens.onFirstUse(tokenHash, onUse);
  }

  /** Calls `listener` once when the token ends, or at once if it is not valid. Returns what calls that off. */
  onTokenEnd(tokenHash: TokenHash, listener: () => void): () => void {
    return this.#tokens.onEnd(tokenHash, listener);
  }

  /** Names of the static users with a token that is shorter than it should be. */
  get usersWithShortTokens(): ReadonlySet<string> {
    return this.#staticTokens.usersWithShortTokens;
  }

  /** Whether the account has a valid token, with which somebody could act for it. */
  hasValidToken(userId: UserId): boolean {
    return this.#tokens.hasAnyOf(userId);
  }

  /** Calls `listener` with each user whose tokens have changed. See `Tokens.onChange`. */
  onTokensChanged(listener: (userId: UserId) => void): void {
    this.#tokens.onChange(listener);
  }

  /** How the account is called, for people. */
  loginOf(userId: string): string {
    return this.#users.loginOf(userId);
  }

  user(userId: string): Readonly<UserRow> | null {
    return this.#users.user(userId as UserId);
  }

  /**
   * Whether `ADMIN_USERS` names the caller. It names GitHub accounts and nobody else: a static user of the same name is another
   * person, who administers with the admin key.
   */
  isAdmin(caller: Caller): boolean {
    const user = this.#users.user(caller.userId);
    return user?.provider === 'github' && this.named.isAdmin(user.subject);
  }

  /** The accounts that are called so, in any case of letters. */
  usersCalled(login: string): Readonly<UserRow>[] {
    return this.#users.withLogin(login);
  }

  /** Whether tokens of this account can be used: not those of a user whom the configuration no longer names. */
  mayUseTokens(user: Readonly<UserRow>): boolean {
    return mayUseTokens(user, this.#staticTokens);
  }

  /** All valid tokens, without their texts. */
  validTokens(): ValidToken[] {
    return this.#tokens.all();
  }
}
