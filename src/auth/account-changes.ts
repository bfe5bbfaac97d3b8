import { Logger } from '@nestjs/common';
import type { Clock } from '../clock/clock.js';
import type { UserId } from '../core/model/ids.js';
import { RowChanges } from '../journal/row-changes.js';
import type { LoginPinRow } from '../journal/rows/login-pin-row.js';
import type { UserRow } from '../journal/rows/user-row.js';
import type { LockStore } from '../store/lock-store.js';
import type { Opening } from './browser/opening.js';
import type { NamedAccounts } from './named-accounts.js';
import type { TokenHash } from './tokens/token-format.js';
import { NO_TERMS, type BrowserFacts, type TokenTerms, type ValidToken } from './tokens/valid-token.js';
import type { MadeToken, Making, Tokens } from './tokens/tokens.js';
import type { Identity, UserDirectory } from './user-directory.js';

/** A new token and its account. */
export interface IssuedToken extends MadeToken {
  readonly user: Readonly<UserRow>;
}

interface Parts {
  readonly store: LockStore;
  readonly clock: Clock;
  readonly users: UserDirectory;
  readonly tokens: Tokens;
  readonly named: NamedAccounts;
  readonly sessionLifeMs: number;
}

/** Changes accounts and their tokens. A change takes effect when it is durable. */
export class AccountChanges {
  /** Operators know these log lines by this context. */
  readonly #logger = new Logger('Accounts');
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /**
   * Creates or updates the account with a proven identity, and issues a token for it. If the account has reached its limit of
   * tokens, the oldest one without a label ends. Throws `sign_in_not_allowed` if its login in the configuration stands for another account.
   */
  signIn(identity: Identity): Promise<IssuedToken> {
    return this.#signIn(identity, (user, rows) => this.#makeToken(user, { beyondLimit: 'end_oldest', rows }));
  }

  /** The same, but opens a browser session instead of issuing a bearer token. See `Tokens.openSession`. */
  signInToBrowser(identity: Identity, browser: BrowserFacts): Promise<IssuedToken> {
    return this.#signIn(identity, async (user, rows) => ({
      user,
      ...(await this.#openSession({ userId: user.userId as UserId, browser, rows })),
    }));
  }

  /** Opens a browser session for the owner of a token. It ends with the token, at the latest. See `Tokens.openSession`. */
  async openSessionWith(maker: ValidToken, browser: Omit<BrowserFacts, 'openedWith'>): Promise<MadeToken> {
    this.#parts.store.admission.admit('new');
    const opening = { userId: maker.userId, maker, rows: new RowChanges() };
    const made = await this.#parts.store.settleRefusal(() =>
      this.#openSession({ ...opening, browser: { ...browser, openedWith: maker.tokenId } }),
    );
    this.#log('Opened a browser session', maker.userId);
    return made;
  }

  async #signIn(
    identity: Identity,
    make: (user: UserRow, rows: RowChanges) => Promise<IssuedToken>,
  ): Promise<IssuedToken> {
    const rows = new RowChanges();
    const pins: LoginPinRow[] = [];
    const issued = await this.#parts.store.settleRefusal(() => {
      this.#parts.named.assertNotTakenOver(identity);
      this.#parts.store.admission.admit('new');
      pins.push(...this.#parts.named.pin(identity, this.#parts.clock.wallMs(), rows));
      const user = this.#parts.users.decide(identity, this.#parts.clock.wallMs(), rows);
      return make(user, rows);
    });
    this.#parts.named.logPins(pins);
    this.#log('Signed in', issued.user.userId);
    return issued;
  }

  /** Issues a token for an account, and creates the account if there is none. Throws `token_limit_exceeded`. */
  async issue(identity: Identity, terms: TokenTerms = NO_TERMS): Promise<IssuedToken> {
    this.#parts.store.admission.admit('new');
    const issued = await this.#parts.store.settleRefusal(() => {
      const rows = new RowChanges();
      const user = this.#parts.users.decide(identity, this.#parts.clock.wallMs(), rows);
      return this.#makeToken(user, { terms, beyondLimit: 'refuse', rows });
    });
    this.#log('Issued a token', issued.user.userId);
    return issued;
  }

  /** Makes another token for the account of a valid one. Throws `token_limit_exceeded`. */
  async issueWith(maker: ValidToken, terms: TokenTerms): Promise<MadeToken> {
    this.#parts.store.admission.admit('new');
    const { userId } = maker;
    const made = await this.#parts.store.settleRefusal(() =>
      this.#parts.tokens.make({ userId, terms, beyondLimit: 'refuse', maker, rows: new RowChanges() }),
    );
    this.#log('Issued a token', userId);
    return made;
  }

  /** Ends a token immediately and permanently. See `Tokens.revoke`. */
  async revoke(valid: ValidToken): Promise<void> {
    await this.#parts.store.settleRefusal(() => this.#parts.tokens.revoke(valid));
    this.#log('Revoked a token', valid.userId);
  }

  /** Ends all tokens of an account immediately and permanently. See `Tokens.revokeAllOf`. */
  async revokeAllOf(user: Readonly<UserRow>): Promise<readonly ValidToken[]> {
    const ended = await this.#parts.tokens.revokeAllOf(user.userId as UserId);
    this.#log('Revoked all tokens', user.userId);
    return ended;
  }

  /** Replaces a valid token, which ends immediately. Returns the new token. See `Tokens.rotate`. */
  async rotate(tokenHash: TokenHash): Promise<string> {
    const { token, facts } = await this.#parts.store.settleRefusal(() =>
      this.#parts.tokens.rotate(tokenHash),
    );
    this.#log('Rotated a token', facts.userId);
    return token;
  }

  /**
   * Creates an account that you can use at once, but that does not survive a restart unless you call `keep`. Call that once someone
   * has received its token.
   */
  async makeProvisional(identity: Identity): Promise<IssuedToken> {
    const user = this.#parts.users.makeProvisional(identity, this.#parts.clock.wallMs());
    return this.#makeToken(user, { beyondLimit: 'refuse', rows: new RowChanges() });
  }

  /** Makes a provisional account permanent. */
  async keep(user: Readonly<UserRow>): Promise<void> {
    await this.#parts.store.write(new RowChanges().put('users', user));
  }

  #openSession(opening: Omit<Opening, 'expiresAtMs'>): Promise<MadeToken> {
    const lastMs = this.#parts.clock.wallMs() + this.#parts.sessionLifeMs;
    return this.#parts.tokens.openSession({
      ...opening,
      expiresAtMs: Math.min(lastMs, opening.maker?.expiresAtMs ?? lastMs),
    });
  }

  async #makeToken(user: UserRow, making: Omit<Making, 'userId'>): Promise<IssuedToken> {
    const userId = user.userId as UserId;
    return { user, ...(await this.#parts.tokens.make({ userId, ...making })) };
  }

  #log(message: string, userId: string): void {
    const user = this.#parts.users.user(userId as UserId);
    this.#logger.log({ message, userId, login: user?.login, provider: user?.provider });
  }
}
