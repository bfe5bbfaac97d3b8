import { Injectable, Logger } from '@nestjs/common';
import type { Clock } from '../clock/clock.js';
import type { Config } from '../config/config.js';
import type { UserId } from '../core/model/ids.js';
import type { LoginPinRow } from '../journal/rows/login-pin-row.js';
import type { TokenRow } from '../journal/rows/token-row.js';
import type { UserRow } from '../journal/rows/user-row.js';
import type { LockStore } from '../store/lock-store.js';
import { RowChanges } from '../journal/row-changes.js';
import type { Journal } from '../journal/journal.js';
import type { Caller } from './caller.js';
import { NamedAccounts, type NamedIn } from './named-accounts.js';
import { StaticTokens } from './tokens/static-tokens.js';
import { hashOfPresented, type TokenHash } from './tokens/token-format.js';
import type { ValidToken } from './tokens/token-registry.js';
import { withdrawnTokens } from './tokens/token-roots.js';
import { logEnded, logUnknownRoots } from './tokens/token-roots-log.js';
import { Tokens, type MadeToken } from './tokens/tokens.js';
import { UserDirectory, type Identity } from './user-directory.js';

/** How a holder is called whose account is unknown. */
const UNKNOWN_LOGIN = 'unknown';

/** A token just made, and whose it is. */
export interface IssuedToken extends MadeToken {
  readonly user: Readonly<UserRow>;
}

interface Parts {
  readonly store: LockStore;
  readonly clock: Clock;
  readonly users: UserDirectory;
  readonly staticTokens: StaticTokens;
  readonly named: NamedAccounts;
}

type AccountsConfig = Pick<Config, 'STATIC_TOKENS' | 'STATIC_TOKENS_FILE'> & NamedIn;

/**
 * The accounts and their valid tokens, in memory: telling who is calling takes a hash and a look-up. Changes are in force
 * from the moment at which they are durable.
 */
@Injectable()
export class Accounts {
  /** Whom the configuration names. */
  readonly named: NamedAccounts;
  readonly #logger = new Logger(Accounts.name);
  readonly #store: LockStore;
  readonly #clock: Clock;
  readonly #users: UserDirectory;
  readonly #tokens: Tokens;
  readonly #staticTokens: StaticTokens;

  private constructor(parts: Parts) {
    this.#store = parts.store;
    this.#clock = parts.clock;
    this.#users = parts.users;
    this.#tokens = new Tokens(parts.store, parts.clock, parts.staticTokens);
    this.#staticTokens = parts.staticTokens;
    this.named = parts.named;
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
    const accounts = await Accounts.openForCommand(journal, store, clock, config);
    await accounts.#endForGood(
      withdrawnTokens(await journal.load('tokens'), accounts.#staticTokens, accounts.#staticNameOf),
    );
    await accounts.#pinKnownLogins();
    return accounts;
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
    const staticTokens = StaticTokens.fromConfig(config);
    const users = new UserDirectory(await journal.load('users'));
    const named = new NamedAccounts(config, await journal.load('login_pins'));
    const accounts = new Accounts({ store, clock, users, staticTokens, named });
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
    return this.user(userId)?.login ?? UNKNOWN_LOGIN;
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
  mayUseTokens({ provider, subject }: Readonly<UserRow>): boolean {
    return provider !== 'static' || this.#staticTokens.names.has(subject);
  }

  /** All valid tokens, without their texts. */
  validTokens(): ValidToken[] {
    return this.#tokens.all();
  }

  /**
   * Creates or updates the account of somebody whose identity has been proven, and issues a token for it. If it has as many as
   * allowed, the oldest one ends. Throws `sign_in_not_allowed` if the configuration means another account by its login.
   */
  async signIn(identity: Identity): Promise<IssuedToken> {
    const rows = new RowChanges();
    const pins: LoginPinRow[] = [];
    const issued = await this.#store.settleRefusal(() => {
      this.named.assertNotTakenOver(identity);
      this.#store.admission.admit('new');
      pins.push(...this.named.pin(identity, this.#clock.wallMs(), rows));
      return this.#issue(identity, 'end_oldest', rows);
    });
    this.named.logPins(pins);
    this.#log('Signed in', issued.user.userId);
    return issued;
  }

  /** Issues a token for an account, which is created if there is none. Throws `token_limit_exceeded`. */
  async issue(identity: Identity): Promise<IssuedToken> {
    this.#store.admission.admit('new');
    const issued = await this.#store.settleRefusal(() => this.#issue(identity, 'refuse', new RowChanges()));
    this.#log('Issued a token', issued.user.userId);
    return issued;
  }

  /** Ends a token at once and for good. See `Tokens.revoke`. */
  async revoke(valid: ValidToken): Promise<void> {
    await this.#store.settleRefusal(() => this.#tokens.revoke(valid));
    this.#log('Revoked a token', valid.userId);
  }

  /** Ends all tokens of an account at once and for good. See `Tokens.revokeAllOf`. */
  async revokeAllOf(user: Readonly<UserRow>): Promise<readonly ValidToken[]> {
    const ended = await this.#tokens.revokeAllOf(user.userId as UserId);
    this.#log('Revoked all tokens', user.userId);
    return ended;
  }

  /** Puts a new token in the place of a valid one, which ends at once, and returns it. See `Tokens.rotate`. */
  async rotate(tokenHash: TokenHash): Promise<string> {
    const { token, facts } = await this.#store.settleRefusal(() => this.#tokens.rotate(tokenHash));
    this.#log('Rotated a token', facts.userId);
    return token;
  }

  /**
   * Makes an account that can be used but is forgotten at the next start, unless `keep` is called: its token has yet to be
   * told to somebody.
   */
  async makeProvisional(identity: Identity): Promise<IssuedToken> {
    const user = this.#users.makeProvisional(identity, this.#clock.wallMs());
    return this.#makeToken(user, 'refuse', new RowChanges());
  }

  /** Makes a provisional account last. */
  async keep(user: Readonly<UserRow>): Promise<void> {
    await this.#store.write(new RowChanges().put('users', user));
  }

  async #issue(
    identity: Identity,
    beyondLimit: 'end_oldest' | 'refuse',
    rows: RowChanges,
  ): Promise<IssuedToken> {
    const user = this.#users.decide(identity, this.#clock.wallMs(), rows);
    return this.#makeToken(user, beyondLimit, rows);
  }

  async #makeToken(
    user: UserRow,
    beyondLimit: 'end_oldest' | 'refuse',
    rows: RowChanges,
  ): Promise<IssuedToken> {
    return { user, ...(await this.#tokens.make(user.userId as UserId, beyondLimit, rows)) };
  }

  #log(message: string, userId: string): void {
    const user = this.user(userId);
    this.#logger.log({ message, userId, login: user?.login, provider: user?.provider });
  }

  async #addStaticUsers(): Promise<void> {
    const missing = [...this.#staticTokens.names].filter((name) => this.#users.find('static', name) === null);
    if (missing.length === 0) return;
    const rows = new RowChanges();
    for (const name of missing) this.#users.decide(staticIdentity(name), this.#clock.wallMs(), rows);
    await this.#store.write(rows);
  }

  #addTokens(rows: readonly TokenRow[]): void {
    const unusable = new Set(withdrawnTokens(rows, this.#staticTokens, this.#staticNameOf));
    const revoked = new Set<string>();
    for (const row of rows.toSorted((a, b) => a.createdAt - b.createdAt)) {
      const user = this.user(row.userId);
      if (row.revokedAt !== null) revoked.add(row.tokenHash);
      else if (user !== null && this.mayUseTokens(user) && !unusable.has(row))
        this.#tokens.add(validToken(row));
    }
    for (const [tokenHash, name] of this.#staticTokens.entries()) {
      const user = this.#users.find('static', name);
      if (user === null || revoked.has(tokenHash)) continue;
      this.#tokens.add({ tokenHash, userId: user.userId as UserId, createdAtMs: null, descendsFrom: null });
    }
  }

  readonly #staticNameOf = (userId: string): string | null => {
    const user = this.user(userId);
    return user?.provider === 'static' ? user.subject : null;
  };

  async #endForGood(rows: readonly TokenRow[]): Promise<void> {
    const loginOf = (userId: string): string => this.loginOf(userId);
    logUnknownRoots(this.#tokens.all(), loginOf);
    if (rows.length === 0) return;
    await this.#removeTokens(rows);
    logEnded(rows, loginOf);
  }

  async #removeTokens(rows: readonly TokenRow[]): Promise<void> {
    const changes = new RowChanges();
    for (const { tokenHash } of rows) changes.remove('tokens', tokenHash);
    await this.#store.write(changes);
  }

  /** A login that is in the configuration for the first time may be that of an account which is known already. */
  async #pinKnownLogins(): Promise<void> {
    const nowMs = this.#clock.wallMs();
    const rows = new RowChanges();
    const pins = [...this.#users.all()].flatMap((user) => this.named.pin(user, nowMs, rows));
    if (pins.length === 0) return;
    await this.#store.write(rows);
    this.named.logPins(pins);
  }

  /** A provisional account that was not kept leaves tokens of nobody. */
  async #forgetProvisional(rows: readonly TokenRow[]): Promise<void> {
    const orphans = rows.filter(({ userId }) => this.user(userId) === null);
    if (orphans.length > 0) await this.#removeTokens(orphans);
  }
}

function staticIdentity(name: string): Identity {
  return { provider: 'static', subject: name, login: name, avatarUrl: null };
}

function validToken({ tokenHash, userId, createdAt, descendsFrom }: TokenRow): ValidToken {
  return {
    tokenHash: tokenHash as TokenHash,
    userId: userId as UserId,
    createdAtMs: createdAt,
    descendsFrom,
  };
}
