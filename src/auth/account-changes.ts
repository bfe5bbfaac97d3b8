import { Logger } from '@nestjs/common';
import { AuditTrail } from '../audit/audit-trail.js';
import { SERVER_ORIGIN, type AuditActor, type Origin } from '../audit/origin.js';
import type { Clock } from '../clock/clock.js';
import type { UserId } from '../core/model/ids.js';
import { OctoStoreError } from '../errors/octostore-error.js';
import { RowChanges } from '../journal/row-changes.js';
import type { LoginPinRow } from '../journal/rows/login-pin-row.js';
import type { UserRow } from '../journal/rows/user-row.js';
import type { LockStore } from '../store/lock-store.js';
import type { Opening } from './browser/opening.js';
import { NOTHING_CONFIRMED, type Confirmed, type Memberships } from './memberships/memberships.js';
import type { NamedAccounts } from './named-accounts.js';
import type { Proven } from './sign-in/proven.js';
import { tokenRecorder, type TokenAction } from './token-audit.js';
import { qualifiedLogin } from './tokens/token-facts.js';
import type { TokenHash } from './tokens/token-format.js';
import { NO_TERMS, type BrowserFacts, type TokenTerms, type ValidToken } from './tokens/valid-token.js';
import type { MadeToken, Making, RecordToken, Tokens } from './tokens/tokens.js';
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
  readonly memberships: Memberships;
  readonly sessionLifeMs: number;
}

/**
 * Changes accounts and their tokens. A change takes effect when it is durable, together with its record in the audit. The last parameter
 * says where it comes from.
 */
export class AccountChanges {
  /** Operators know these log lines by this context. */
  readonly #logger = new Logger('Accounts');
  readonly #parts: Parts;
  readonly #trail: AuditTrail;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#trail = new AuditTrail(parts.clock);
  }

  /**
   * Creates or updates the account with a proven identity, and issues a token for it. If the account has reached its limit of
   * tokens, the oldest one without a label ends. Throws `sign_in_not_allowed` if its login in the configuration stands for another account.
   *
   * @param confirmed what the provider has said about the groups of the account.
   */
  signIn(identity: Identity, origin: Origin, confirmed: Confirmed = NOTHING_CONFIRMED): Promise<IssuedToken> {
    return this.#signIn({ identity, confirmed }, origin, (user, rows, record) =>
      this.#makeToken(user, { beyondLimit: 'end_oldest', rows, record }),
    );
  }

  /** The same, but opens a browser session instead of issuing a bearer token. See `Tokens.openSession`. */
  signInToBrowser(proven: Proven, browser: BrowserFacts, origin: Origin): Promise<IssuedToken> {
    return this.#signIn(proven, origin, async (user, rows, record) => ({
      user,
      ...(await this.#openSession({ userId: user.userId as UserId, browser, rows, record })),
    }));
  }

  /** Opens a browser session for the owner of a token. It ends with the token, at the latest. See `Tokens.openSession`. */
  async openSessionWith(
    maker: ValidToken,
    browser: Omit<BrowserFacts, 'openedWith'>,
    origin: Origin,
  ): Promise<MadeToken> {
    this.#parts.store.admission.admit('new');
    const record = this.#recorder('token.create', this.#parts.users.user(maker.userId), origin);
    const opening = { userId: maker.userId, maker, rows: new RowChanges(), record };
    const made = await this.#parts.store.settleRefusal(() =>
      this.#openSession({ ...opening, browser: { ...browser, openedWith: maker.tokenId } }),
    );
    this.#log('Opened a browser session', maker.userId);
    return made;
  }

  async #signIn(
    { identity, confirmed }: Proven,
    origin: Origin,
    make: (user: UserRow, rows: RowChanges, record: RecordToken) => Promise<IssuedToken>,
  ): Promise<IssuedToken> {
    const rows = new RowChanges();
    const pins: LoginPinRow[] = [];
    const issued = await this.#parts.store.settleRefusal(() => {
      this.#parts.named.assertNotTakenOver(identity);
      this.#parts.store.admission.admit('new');
      pins.push(...this.#parts.named.pin(identity, this.#parts.clock.wallMs(), rows));
      const user = this.#parts.users.decide(identity, this.#parts.clock.wallMs(), rows);
      this.#parts.memberships.confirm(user.userId as UserId, confirmed, rows);
      return make(user, rows, this.#recorder('sign_in', user, { ...origin, actor: actorOf(user) }));
    });
    this.#parts.named.logPins(pins);
    this.#log('Signed in', issued.user.userId);
    return issued;
  }

  /** Issues a token for an account, and creates the account if there is none. Throws `token_limit_exceeded`. */
  async issue(
    identity: Identity,
    terms: TokenTerms,
    origin: Origin,
    action: TokenAction = 'token.create',
  ): Promise<IssuedToken> {
    this.#parts.store.admission.admit('new');
    const issued = await this.#parts.store.settleRefusal(() => {
      this.#assertNotDeleted(identity);
      const rows = new RowChanges();
      const user = this.#parts.users.decide(identity, this.#parts.clock.wallMs(), rows);
      const record = this.#recorder(action, user, origin);
      return this.#makeToken(user, { terms, beyondLimit: 'refuse', rows, record });
    });
    this.#log('Issued a token', issued.user.userId);
    return issued;
  }

  /**
   * Issues an exchanged token for an account, and creates the account if there is none. It costs one commit. An account that exists may
   * hold leases that it has to keep, so it gets a token even if nothing new is granted.
   */
  async exchange(identity: Identity, expiresAtMs: number, origin: Origin): Promise<IssuedToken> {
    const { store, users, clock } = this.#parts;
    const issued = await store.settleRefusal(() => {
      const rows = new RowChanges();
      const known = users.find(identity.provider, identity.subject);
      store.admission.admit(known === null ? 'new' : 'existing');
      const user = known ?? users.decide(identity, clock.wallMs(), rows);
      const terms = { ...NO_TERMS, expiresAtMs };
      const record = this.#recorder('token.exchange', user, { ...origin, actor: actorOf(user) });
      return this.#makeToken(user, { terms, beyondLimit: 'exchange', rows, record });
    });
    this.#log('Exchanged a token', issued.user.userId);
    return issued;
  }

  /** Makes another token for the account of a valid one. Throws `token_limit_exceeded`. */
  async issueWith(maker: ValidToken, terms: TokenTerms, origin: Origin): Promise<MadeToken> {
    this.#parts.store.admission.admit('new');
    const { userId } = maker;
    const record = this.#recorder('token.create', this.#parts.users.user(userId), origin);
    const rows = new RowChanges();
    const made = await this.#parts.store.settleRefusal(() =>
      this.#parts.tokens.make({ userId, terms, beyondLimit: 'refuse', maker, rows, record }),
    );
    this.#log('Issued a token', userId);
    return made;
  }

  /** Ends a token immediately and permanently. See `Tokens.revoke`. */
  async revoke(valid: ValidToken, origin: Origin): Promise<void> {
    const record = this.#recorder('token.revoke', this.#parts.users.user(valid.userId), origin);
    await this.#parts.store.settleRefusal(() => this.#parts.tokens.revoke(valid, record));
    this.#log('Revoked a token', valid.userId);
  }

  /** Ends all tokens of an account immediately and permanently. See `Tokens.revokeAllOf`. */
  async revokeAllOf(user: Readonly<UserRow>, origin: Origin): Promise<readonly ValidToken[]> {
    const record = this.#recorder('token.revoke', user, origin);
    const ended = await this.#parts.tokens.revokeAllOf(user.userId as UserId, record);
    this.#log('Revoked all tokens', user.userId);
    return ended;
  }

  /** Replaces a valid token, which ends immediately. Returns the new token. See `Tokens.rotate`. */
  async rotate(tokenHash: TokenHash, origin: Origin): Promise<string> {
    const { token, facts } = await this.#parts.store.settleRefusal(() =>
      this.#parts.tokens.rotate(tokenHash, (valid, rows) =>
        this.#recorder('token.rotate', this.#parts.users.user(valid.userId), origin)(valid, rows),
      ),
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
    const record = this.#recorder('token.create', user, SERVER_ORIGIN);
    return this.#makeToken(user, { beyondLimit: 'refuse', rows: new RowChanges(), record });
  }

  /** Makes a provisional account permanent. */
  async keep(user: Readonly<UserRow>): Promise<void> {
    const rows = new RowChanges().put('users', user);
    const subject = { kind: 'user', id: user.userId } as const;
    const details = { user: qualifiedLogin(user) };
    this.#trail.record(rows, {
      action: 'user.create',
      origin: SERVER_ORIGIN,
      subject,
      outcome: 'ok',
      details,
    });
    await this.#parts.store.write(rows);
  }

  /** Throws `user_not_found` if it is a service account that is being deleted. Otherwise it would be created again, without owners. */
  #assertNotDeleted({ provider, subject }: Identity): void {
    if (provider === 'service' && this.#parts.users.find(provider, subject) === null)
      throw new OctoStoreError('user_not_found');
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

  #recorder(action: TokenAction, user: Readonly<UserRow> | null, origin: Origin): RecordToken {
    return tokenRecorder(this.#trail, { action, origin, user });
  }

  #log(message: string, userId: string): void {
    const user = this.#parts.users.user(userId as UserId);
    this.#logger.log({ message, userId, login: user?.login, provider: user?.provider });
  }
}

/** A user who has just shown who they are. */
function actorOf(user: Readonly<UserRow>): AuditActor {
  return { kind: 'user', userId: user.userId as UserId, name: qualifiedLogin(user) };
}
