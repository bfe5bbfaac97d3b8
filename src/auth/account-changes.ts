import { Logger } from '@nestjs/common';
import type { Clock } from '../clock/clock.js';
import type { UserId } from '../core/model/ids.js';
import { RowChanges } from '../journal/row-changes.js';
import type { LoginPinRow } from '../journal/rows/login-pin-row.js';
import type { UserRow } from '../journal/rows/user-row.js';
import type { LockStore } from '../store/lock-store.js';
import type { NamedAccounts } from './named-accounts.js';
import type { TokenHash } from './tokens/token-format.js';
import type { ValidToken } from './tokens/token-registry.js';
import type { MadeToken, Tokens } from './tokens/tokens.js';
import type { Identity, UserDirectory } from './user-directory.js';

/** A token just made, and whose it is. */
export interface IssuedToken extends MadeToken {
  readonly user: Readonly<UserRow>;
}

interface Parts {
  readonly store: LockStore;
  readonly clock: Clock;
  readonly users: UserDirectory;
  readonly tokens: Tokens;
  readonly named: NamedAccounts;
}

/** What is done to accounts and their tokens. Changes are in force from the moment at which they are durable. */
export class AccountChanges {
  /** Operators know these log lines by this context. */
  readonly #logger = new Logger('Accounts');
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /**
   * Creates or updates the account of somebody whose identity has been proven, and issues a token for it. If it has as many as
   * allowed, the oldest one ends. Throws `sign_in_not_allowed` if the configuration means another account by its login.
   */
  async signIn(identity: Identity): Promise<IssuedToken> {
    const rows = new RowChanges();
    const pins: LoginPinRow[] = [];
    const issued = await this.#parts.store.settleRefusal(() => {
      this.#parts.named.assertNotTakenOver(identity);
      this.#parts.store.admission.admit('new');
      pins.push(...this.#parts.named.pin(identity, this.#parts.clock.wallMs(), rows));
      return this.#issue(identity, 'end_oldest', rows);
    });
    this.#parts.named.logPins(pins);
    this.#log('Signed in', issued.user.userId);
    return issued;
  }

  /** Issues a token for an account, which is created if there is none. Throws `token_limit_exceeded`. */
  async issue(identity: Identity): Promise<IssuedToken> {
    this.#parts.store.admission.admit('new');
    const issued = await this.#parts.store.settleRefusal(() =>
      this.#issue(identity, 'refuse', new RowChanges()),
    );
    this.#log('Issued a token', issued.user.userId);
    return issued;
  }

  /** Ends a token at once and for good. See `Tokens.revoke`. */
  async revoke(valid: ValidToken): Promise<void> {
    await this.#parts.store.settleRefusal(() => this.#parts.tokens.revoke(valid));
    this.#log('Revoked a token', valid.userId);
  }

  /** Ends all tokens of an account at once and for good. See `Tokens.revokeAllOf`. */
  async revokeAllOf(user: Readonly<UserRow>): Promise<readonly ValidToken[]> {
    const ended = await this.#parts.tokens.revokeAllOf(user.userId as UserId);
    this.#log('Revoked all tokens', user.userId);
    return ended;
  }

  /** Puts a new token in the place of a valid one, which ends at once, and returns it. See `Tokens.rotate`. */
  async rotate(tokenHash: TokenHash): Promise<string> {
    const { token, facts } = await this.#parts.store.settleRefusal(() =>
      this.#parts.tokens.rotate(tokenHash),
    );
    this.#log('Rotated a token', facts.userId);
    return token;
  }

  /**
   * Makes an account that can be used but is forgotten at the next start, unless `keep` is called: its token has yet to be
   * told to somebody.
   */
  async makeProvisional(identity: Identity): Promise<IssuedToken> {
    const user = this.#parts.users.makeProvisional(identity, this.#parts.clock.wallMs());
    return this.#makeToken(user, 'refuse', new RowChanges());
  }

  /** Makes a provisional account last. */
  async keep(user: Readonly<UserRow>): Promise<void> {
    await this.#parts.store.write(new RowChanges().put('users', user));
  }

  async #issue(
    identity: Identity,
    beyondLimit: 'end_oldest' | 'refuse',
    rows: RowChanges,
  ): Promise<IssuedToken> {
    const user = this.#parts.users.decide(identity, this.#parts.clock.wallMs(), rows);
    return this.#makeToken(user, beyondLimit, rows);
  }

  async #makeToken(
    user: UserRow,
    beyondLimit: 'end_oldest' | 'refuse',
    rows: RowChanges,
  ): Promise<IssuedToken> {
    return { user, ...(await this.#parts.tokens.make(user.userId as UserId, beyondLimit, rows)) };
  }

  #log(message: string, userId: string): void {
    const user = this.#parts.users.user(userId as UserId);
    this.#logger.log({ message, userId, login: user?.login, provider: user?.provider });
  }
}
