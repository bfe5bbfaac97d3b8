import { Injectable } from '@nestjs/common';
import type { Scope } from '../access/scope/scope.js';
import type { Scopes } from '../access/scope/scopes.js';
import type { UserId } from '../core/model/ids.js';
import type { RowChanges } from '../journal/row-changes.js';
import type { LoginPinRow } from '../journal/rows/login-pin-row.js';
import type { UserRow } from '../journal/rows/user-row.js';
import { AccountChanges } from './account-changes.js';
import { isBreakGlass } from './break-glass/break-glass.js';
import { reportBreakGlass } from './break-glass/report-break-glass.js';
import type { Caller } from './caller.js';
import {
  applyConfig,
  loadAccounts,
  mayUseTokens,
  type AccountsSource,
  type LoadedAccounts,
} from './load-accounts.js';
import type { Memberships } from './memberships/memberships.js';
import { ServiceAccountChanges } from './services/service-account-changes.js';
import type { ServiceAccounts } from './services/service-accounts.js';
import type { NamedAccounts } from './named-accounts.js';
import type { NamedUser } from './tokens/named-user.js';
import type { StaticTokens } from './tokens/static-tokens.js';
import { hashOfPresented, type TokenHash } from './tokens/token-format.js';
import type { ValidToken } from './tokens/valid-token.js';
import type { TokenEnd, Tokens } from './tokens/tokens.js';
import { isRetired, type UserDirectory } from './user-directory.js';

/** The codes with which a token is refused. */
export type RefusedToken = 'unauthorized' | 'token_expired' | 'sign_in_required';

/** The accounts and their valid tokens, in memory. Identifying a caller takes one hash and one look-up. */
@Injectable()
export class Accounts {
  /** Everything that changes accounts, such as signing in. */
  readonly changes: AccountChanges;
  /** The accounts that the configuration names. */
  readonly named: NamedAccounts;
  /** The groups that accounts belong to. */
  readonly memberships: Memberships;
  /** The scopes of tokens. */
  readonly scopes: Scopes;
  /** Which service accounts there are, and who owns them. */
  readonly services: ServiceAccounts;
  readonly serviceChanges: ServiceAccountChanges;
  readonly #users: UserDirectory;
  readonly #tokens: Tokens;
  readonly #staticTokens: StaticTokens;

  private constructor(loaded: LoadedAccounts) {
    this.changes = new AccountChanges(loaded);
    this.named = loaded.named;
    this.memberships = loaded.memberships;
    this.scopes = loaded.scopes;
    this.services = loaded.services;
    this.serviceChanges = new ServiceAccountChanges(loaded);
    this.#users = loaded.users;
    this.#tokens = loaded.tokens;
    this.#staticTokens = loaded.staticTokens;
  }

  /**
   * Opens the accounts for a server: loads them, creates those that the configuration adds, and permanently ends the tokens that
   * descend from tokens no longer in the configuration.
   */
  static async open(source: AccountsSource): Promise<Accounts> {
    const loaded = await loadAccounts(source);
    await applyConfig(loaded, source.journal);
    reportBreakGlass(loaded.users, (userId) => loaded.tokens.allOf(userId));
    return new Accounts(loaded);
  }

  /**
   * The same, for a command while no server runs. Its configuration may differ from the server's, so no token ends permanently
   * because the configuration does not have it.
   */
  static async openForCommand(source: AccountsSource): Promise<Accounts> {
    return new Accounts(await loadAccounts(source));
  }

  /** Whether there are no accounts. */
  get isEmpty(): boolean {
    return this.#users.isEmpty;
  }

  /** Whether there is any valid token. */
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
    if (user === null) return null;
    const { userId, tokenId, scope, exchanged } = token;
    return { userId, login: user.login, tokenHash, tokenId, scope, exchanged };
  }

  /** The code with which to refuse a token that is not valid. */
  refusalOf(tokenHash: TokenHash): RefusedToken {
    if (this.#tokens.hasExpired(tokenHash)) return 'token_expired';
    return this.#tokens.isSuspended(tokenHash) ? 'sign_in_required' : 'unauthorized';
  }

  /** The valid token with this hash, or null if there is none. */
  validToken(tokenHash: TokenHash): ValidToken | null {
    return this.#tokens.find(tokenHash);
  }

  /** When a browser session ends if it is not used again, in wall-clock milliseconds. */
  idleEndOf(session: ValidToken): number {
    return this.#tokens.idleEndOf(session);
  }

  /** What may be done at most with what a token with scopes made. Nothing if the token is no longer valid. */
  scopeOf(tokenId: string): Scope {
    return this.#tokens.scopedWithId(tokenId)?.scope ?? this.scopes.nothing;
  }

  /** Whether there is a valid token with scopes that has this id. */
  hasTokenWithScopes(tokenId: string): boolean {
    return this.#tokens.scopedWithId(tokenId) !== null;
  }

  /** The valid tokens and browser sessions of an account, oldest first. */
  validTokensOf(userId: UserId): ValidToken[] {
    return this.#tokens.allOf(userId);
  }

  /** See `Tokens.endExpired`. */
  endExpiredTokens(): Promise<void> {
    return this.#tokens.endExpired();
  }

  /** See `Tokens.recordUses`. */
  recordTokenUses(): Promise<void> {
    return this.#tokens.recordUses();
  }

  /** Calls `onUse` once, the next time someone presents the token. Returns false if the token is not valid. */
  onFirstUse(bearerToken: string, onUse: () => void): boolean {
    const tokenHash = hashOfPresented(bearerToken);
    return tokenHash !== null && this.#tokens.onFirstUse(tokenHash, onUse);
  }

  /** Calls `listener` once when the token ends, or at once if it is not valid. Call the returned function to cancel this. */
  onTokenEnd(tokenHash: TokenHash, listener: (why: TokenEnd) => void): () => void {
    return this.#tokens.onEnd(tokenHash, listener);
  }

  /** The names of the static users that have a token shorter than recommended. */
  get usersWithShortTokens(): ReadonlySet<string> {
    return this.#staticTokens.usersWithShortTokens;
  }

  /** Whether the account has a valid token, so that someone can act for it. */
  hasValidToken(userId: UserId): boolean {
    return this.#tokens.hasAnyOf(userId);
  }

  /** Calls `listener` with each user whose tokens have changed. See `Tokens.onChange`. */
  onTokensChanged(listener: (userId: UserId) => void): void {
    this.#tokens.onChange(listener);
  }

  /** The GitHub logins that stand for an account. */
  loginsOf(account: Readonly<UserRow>): string[] {
    return account.provider === 'github' ? this.named.loginsOf(account) : [];
  }

  /**
   * Pins the logins that the policy names to the accounts that have them. The pins are in force when these rows are durable. Returns the
   * new pins.
   */
  nameInPolicy(logins: ReadonlySet<string>, nowMs: number, rows: RowChanges): LoginPinRow[] {
    this.named.nameInPolicy(logins);
    return [...this.#users.all()].flatMap((user) => this.named.pin(user, nowMs, rows));
  }

  /** All accounts, including deleted ones that are remembered. */
  allUsers(): Iterable<Readonly<UserRow>> {
    return this.#users.all();
  }

  idOf({ userId }: Readonly<UserRow>): UserId {
    return userId as UserId;
  }

  /** The name of the account, for people to read. */
  loginOf(userId: string): string {
    return this.#users.loginOf(userId);
  }

  user(userId: string): Readonly<UserRow> | null {
    return this.#users.user(userId as UserId);
  }

  /**
   * Whether the caller is an administrator. A token with scopes makes no one an administrator.
   */
  isAdmin({ userId, scope }: Pick<Caller, 'userId' | 'scope'>): boolean {
    if (scope !== null) return false;
    const user = this.#users.user(userId);
    return user !== null && this.isAdministrator(user);
  }

  /** Whether `ADMIN_USERS` names the account, or it is that of tokens for emergencies. */
  isAdministrator(account: Pick<UserRow, 'provider' | 'subject'>): boolean {
    return this.named.isAdmin(account) || isBreakGlass(account);
  }

  /** The GitHub account with this numeric id, or null if no one has signed in with it. */
  gitHubUser(subject: string): Readonly<UserRow> | null {
    return this.#userWith('github', subject);
  }

  /** The service account with this name, or null if there is none. */
  serviceUser(name: string): Readonly<UserRow> | null {
    return this.#userWith('service', name);
  }

  /** Whether the account has been deleted. */
  isDeleted(userId: UserId): boolean {
    const user = this.user(userId);
    return user !== null && isRetired(user);
  }

  /** The accounts that an administrator means. Logins are compared regardless of case. */
  usersNamed({ provider, login }: NamedUser): Readonly<UserRow>[] {
    if (provider === 'oidc') {
      const user = this.#userWith('oidc', login);
      return user === null ? [] : [user];
    }
    return this.#users.withLogin(login).filter((user) => (provider ?? user.provider) === user.provider);
  }

  /**
   * The same, to give them something. An account of OpenID Connect is not meant by its login alone, because its user or its job may have
   * chosen that.
   */
  usersToEntrust(named: NamedUser): Readonly<UserRow>[] {
    const users = this.usersNamed(named);
    return named.provider === null ? users.filter(({ provider }) => provider !== 'oidc') : users;
  }

  /** Whether tokens of this account can be used. They cannot if it is a static user that has left the configuration. */
  mayUseTokens(user: Readonly<UserRow>): boolean {
    return mayUseTokens(user, this.#staticTokens);
  }

  /** All valid tokens, as hashes. */
  validTokens(): ValidToken[] {
    return this.#tokens.all();
  }

  #userWith(provider: UserRow['provider'], subject: string): Readonly<UserRow> | null {
    const found = this.#users.find(provider, subject);
    return found === null ? null : this.user(found.userId);
  }
}
