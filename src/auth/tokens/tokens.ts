import type { Clock } from '../../clock/clock.js';
import type { UserId } from '../../core/model/ids.js';
import { OctoStoreError } from '../../errors/octostore-error.js';
import type { LockStore } from '../../store/lock-store.js';
import { RowChanges } from '../../journal/row-changes.js';
import { SESSIONS_PER_USER_MAX, type Opening } from '../browser/opening.js';
import { hashSessionSecret, makeSessionSecret } from '../browser/session-secret.js';
import { SessionUses } from '../browser/session-uses.js';
import type { StaticTokens } from './static-tokens.js';
import { ExpiredTokens } from './expired-tokens.js';
import { hashToken, makeToken, type TokenHash } from './token-format.js';
import { TokenRegistry } from './token-registry.js';
import { revokedRowOf, rowOf, type StoredToken } from './token-rows.js';
import { firstIdOf, NO_TERMS, type TokenTerms, type ValidToken } from './valid-token.js';

/** The maximum number of valid tokens per account. Browser sessions have a limit of their own. */
export const TOKENS_PER_USER_MAX = 100;

/** The same for what a token with scopes makes. If it leaks, there is still room for the sign-ins and tokens of its owner. */
export const TOKENS_BESIDE_SCOPED_MAX = 50;

/** The maximum number of valid exchanged tokens per account. Jobs of one subject may run at the same time, and each command has its own. */
export const EXCHANGED_TOKENS_PER_USER_MAX = 1_000;

/** How many tokens end in one commit. */
const ENDED_TOGETHER_MAX = 1_000;

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/** A newly created token. This is the only time that the token itself is known. */
export interface MadeToken {
  readonly token: string;
  readonly facts: StoredToken;
}

/** How to make a token for an account. */
export interface Making {
  readonly userId: UserId;
  readonly terms?: TokenTerms;
  /** What to do if the account has reached its limit of tokens. `exchange` makes an exchanged token, and ends the oldest one of those. */
  readonly beyondLimit: 'end_oldest' | 'refuse' | 'exchange';
  /** The token that makes this one. Null if it is not made with a token. */
  readonly maker?: ValidToken;
  /** Other rows to write in the same commit. */
  readonly rows: RowChanges;
  readonly record: RecordToken;
}

/** Adds what the audit records of a token to the rows of the same commit. */
export type RecordToken = (token: ValidToken, rows: RowChanges) => void;

/** What is known of a token before it is created. A rotation gives it the id and the last use of the old one. */
type NewFacts = TokenTerms &
  Pick<ValidToken, 'userId' | 'descendsFrom' | 'exchanged'> &
  Partial<Pick<ValidToken, 'tokenId' | 'lastUsedAtMs' | 'browser'>>;

/** Why a token has ended. If it has expired, its owner may get a new one. */
export type TokenEnd = 'expired' | 'revoked';

/** The changes of one commit: the tokens that it ends, and the one that it adds. */
interface Exchange {
  readonly ends: readonly ValidToken[];
  readonly why?: TokenEnd;
  readonly adds?: MadeToken;
  /** Other rows to write in the same commit. */
  readonly rows?: RowChanges | undefined;
  /** Called with the token that it adds, or else with each that it ends. */
  readonly record: RecordToken | null;
}

interface TokensParts {
  readonly store: LockStore;
  readonly clock: Clock;
  readonly configured: StaticTokens;
  /** After how long without a use a browser session ends. */
  readonly sessionIdleMs: number;
}

/**
 * The bearer tokens and browser sessions, on disk and in memory. A change takes effect when it is durable. Concurrent changes take effect in the
 * order in which they were requested.
 */
export class Tokens {
  readonly #store: LockStore;
  readonly #clock: Clock;
  readonly #configured: StaticTokens;
  readonly #uses: SessionUses;
  readonly #tokens: TokenRegistry;
  readonly #expired = new ExpiredTokens();
  /** Accounts whose tokens do not work now. */
  readonly #suspended = new Set<UserId>();
  readonly #endListeners = new Map<TokenHash, Set<(why: TokenEnd) => void>>();
  readonly #changeListeners: ((userId: UserId) => void)[] = [];

  constructor({ store, clock, configured, sessionIdleMs }: TokensParts) {
    this.#store = store;
    this.#clock = clock;
    this.#configured = configured;
    this.#uses = new SessionUses(sessionIdleMs);
    this.#tokens = new TokenRegistry(this.#uses, {
      put: (rows, token) => rows.put('tokens', rowOf(this.#stored(token))),
      remove: (rows, token) => this.#writeEnd(token, rows),
    });
  }

  get isEmpty(): boolean {
    return this.#tokens.isEmpty;
  }

  find(tokenHash: TokenHash): ValidToken | null {
    const token = this.#unlessUnusable(this.#tokens.find(tokenHash));
    if (token !== null && !isBearer(token)) this.#uses.use(tokenHash, this.#clock.wallMs());
    return token;
  }

  /** When a browser session ends if it is not used again, in wall-clock milliseconds. */
  idleEndOf(session: ValidToken): number {
    return this.#uses.idleEndOf(session.tokenHash);
  }

  /** The valid token with scopes that has this id, or null. */
  scopedWithId(tokenId: string): ValidToken | null {
    return this.#unlessUnusable(this.#tokens.scopedWithId(tokenId));
  }

  all(): ValidToken[] {
    return this.#tokens.all().filter((token) => !this.#isOver(token));
  }

  /** The user's valid tokens and browser sessions, oldest first. */
  allOf(userId: UserId): ValidToken[] {
    return this.#tokens.stayingOf(userId).filter((token) => !this.#isOver(token));
  }

  /** Whether a token that is not valid was valid until it expired, as far as that is remembered. */
  hasExpired(tokenHash: TokenHash): boolean {
    const token = this.#tokens.find(tokenHash);
    return token === null ? this.#expired.has(tokenHash) : this.#isOver(token);
  }

  /** Whether a token would be valid if the tokens of its account worked. */
  isSuspended(tokenHash: TokenHash): boolean {
    const token = this.#tokens.find(tokenHash);
    return token !== null && this.#suspended.has(token.userId);
  }

  /** No token of the account works until `resume` is called. What waits for the end of one learns of it. */
  suspend(userId: UserId): void {
    if (this.#suspended.has(userId)) return;
    this.#suspended.add(userId);
    for (const { tokenHash } of this.#tokens.validOf(userId)) this.#notifyEnd(tokenHash, 'revoked');
    this.#notifyChange(userId);
  }

  resume(userId: UserId): void {
    if (this.#suspended.delete(userId)) this.#notifyChange(userId);
  }

  /** Calls `onUse` the next time the token is used. Returns false if it is not valid. */
  onFirstUse(tokenHash: TokenHash, onUse: () => void): boolean {
    return this.#tokens.onFirstUse(tokenHash, onUse);
  }

  /** Adds a token that is already on disk or comes from the configuration. */
  add(token: ValidToken): void {
    this.#tokens.load(token);
  }

  /**
   * Calls `listener` once when the token ends, or immediately if it is not valid. Returns a function that removes the
   * listener.
   */
  onEnd(tokenHash: TokenHash, listener: (why: TokenEnd) => void): () => void {
    if (this.find(tokenHash) === null) {
      listener(this.hasExpired(tokenHash) ? 'expired' : 'revoked');
      return () => undefined;
    }
    const listeners = this.#endListeners.get(tokenHash) ?? new Set();
    this.#endListeners.set(tokenHash, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#endListeners.delete(tokenHash);
    };
  }

  /** Whether the user has a valid token. */
  hasAnyOf(userId: UserId): boolean {
    return !this.#suspended.has(userId) && this.#tokens.has(userId);
  }

  /**
   * Calls `listener` each time a user's tokens begin or end. A rotation is one change: the listener never sees a state
   * between the old token and the new one.
   */
  onChange(listener: (userId: UserId) => void): void {
    this.#changeListeners.push(listener);
  }

  /**
   * Creates a token for an account, which may be created in the same commit. If the account has reached its limit, this either ends
   * its oldest tokens without a label, or throws `token_limit_exceeded`. It also throws that if all of them have labels. Exchanged
   * tokens have a limit of their own, and the oldest of them count as expired. Throws `unauthorized` if the token that makes this one is
   * already being rotated or revoked.
   */
  async make({ userId, terms = NO_TERMS, beyondLimit, maker, rows, record }: Making): Promise<MadeToken> {
    // `revokeAllOf` ends the tokens that exist when it begins, so none of them may make another one after that.
    this.#assertStaying(maker);
    const exchanged = beyondLimit === 'exchange';
    const max = maker?.scope == null ? TOKENS_PER_USER_MAX : TOKENS_BESIDE_SCOPED_MAX;
    const ends = exchanged ? this.#oldestExchangedOf(userId) : this.#makeRoom(userId, beyondLimit, max);
    const descendsFrom = maker ? this.#rootOf(maker) : null;
    const adds = this.#newToken({ userId, ...terms, descendsFrom, exchanged });
    await this.#exchange({ ends, why: exchanged ? 'expired' : 'revoked', adds, rows, record });
    return adds;
  }

  /**
   * Opens a browser session. If the account has reached its limit of sessions, the oldest one ends. Throws `unauthorized` if the token
   * that opens it is being rotated or revoked.
   */
  async openSession({ userId, expiresAtMs, browser, maker, rows, record }: Opening): Promise<MadeToken> {
    this.#assertStaying(maker);
    const sessions = [...this.#tokens.stayingOf(userId), ...this.#tokens.arrivingOf(userId)].filter(
      (token) => !isBearer(token),
    );
    const ends = sessions.slice(0, Math.max(0, sessions.length + 1 - SESSIONS_PER_USER_MAX));
    const descendsFrom = maker === undefined ? null : this.#rootOf(maker);
    const adds = this.#newToken({
      userId,
      label: null,
      expiresAtMs,
      scope: maker?.scope ?? null,
      descendsFrom,
      exchanged: maker?.exchanged ?? false,
      browser,
    });
    await this.#exchange({ ends, adds, rows, record });
    return adds;
  }

  /**
   * Replaces a valid token with a new one, which keeps its id, label, expiry and scopes. Throws `unauthorized` if the token is not valid, or is already being rotated or
   * revoked, and `forbidden` if it is a browser session.
   */
  async rotate(tokenHash: TokenHash, record: RecordToken): Promise<MadeToken> {
    this.#store.admission.admit('existing');
    const old = this.find(tokenHash);
    if (old === null || !this.#tokens.isStaying(tokenHash)) throw new OctoStoreError('unauthorized');
    if (!isBearer(old)) throw new OctoStoreError('forbidden', { details: NOTHING_TO_ROTATE });
    const adds = this.#newToken({ ...old, descendsFrom: this.#rootOf(old) });
    await this.#exchange({ ends: [old], adds, record });
    return adds;
  }

  /**
   * Ends a token permanently, even if the configuration still contains it. If it is already being rotated or revoked, this
   * throws `token_not_found` once it has ended.
   */
  async revoke(token: ValidToken, record: RecordToken): Promise<void> {
    this.#store.admission.admit('existing');
    if (!this.#tokens.isStaying(token.tokenHash)) throw new OctoStoreError('token_not_found');
    await this.#exchange({ ends: [token], record });
  }

  /**
   * Permanently ends all tokens of an account, including those that are being created now, for example by a rotation. Returns
   * those that were valid.
   *
   * @param rows other rows to write in the same commit.
   */
  async revokeAllOf(userId: UserId, record: RecordToken, rows?: RowChanges): Promise<readonly ValidToken[]> {
    this.#store.admission.admit('existing');
    const ended = this.#tokens.stayingOf(userId);
    await this.#exchange({ ends: [...ended, ...this.#tokens.arrivingOf(userId)], rows, record });
    return ended;
  }

  /** Ends the tokens that have expired. What waits for their end is told even if the database cannot be written now. */
  async endExpired(): Promise<void> {
    const expired = this.#tokens.expiredBy(this.#clock.wallMs());
    for (const { tokenHash } of expired) {
      this.#expired.add(tokenHash);
      this.#notifyEnd(tokenHash, 'expired');
    }
    for (let at = 0; at < expired.length; at += ENDED_TOGETHER_MAX) {
      if (!this.#store.admission.isAvailable) return;
      const together = expired.slice(at, at + ENDED_TOGETHER_MAX);
      const ends = together.filter(({ tokenHash }) => this.#tokens.isStaying(tokenHash));
      if (ends.length > 0) await this.#exchange({ ends, why: 'expired', record: null });
    }
  }

  /**
   * Records which tokens were used since the last call, to the hour, and browser sessions to the minute. So a token costs at most one
   * write an hour.
   */
  async recordUses(): Promise<void> {
    const rows = new RowChanges();
    const nowMs = this.#clock.wallMs();
    let isAnyWritten = false;
    for (const token of this.#tokens.takeUsed()) {
      const lastUsedAtMs = this.#lastUseOf(token, nowMs);
      if (lastUsedAtMs === token.lastUsedAtMs) continue;
      const isWritten = this.#isUseWritten(token);
      if (isWritten) this.#tokens.update({ ...token, lastUsedAtMs }, rows);
      else this.#tokens.updateInMemory({ ...token, lastUsedAtMs });
      isAnyWritten ||= isWritten;
    }
    if (isAnyWritten) await this.#store.write(rows);
  }

  /** The row of a configured token would keep it valid after it has left the configuration. An exchanged token ends too soon. */
  #isUseWritten({ tokenHash, exchanged }: ValidToken): boolean {
    return !exchanged && !this.#configured.has(tokenHash);
  }

  /** The tokens that end so that the account can have another one. */
  #makeRoom(userId: UserId, beyondLimit: 'end_oldest' | 'refuse', max: number): ValidToken[] {
    const { staying, surplus } = this.#surplusOf(userId, false, max);
    const ends = staying.filter(({ label }) => label === null).slice(0, surplus);
    if (surplus > 0 && (beyondLimit === 'refuse' || ends.length < surplus))
      throw new OctoStoreError('token_limit_exceeded');
    return ends;
  }

  /** The same for another exchanged token. */
  #oldestExchangedOf(userId: UserId): ValidToken[] {
    if (this.#tokens.countOf(userId) < EXCHANGED_TOKENS_PER_USER_MAX) return [];
    const { staying, surplus } = this.#surplusOf(userId, true, EXCHANGED_TOKENS_PER_USER_MAX);
    return staying.slice(0, surplus);
  }

  /** The user's exchanged tokens, or the others, oldest first, and how many of them are too many if there is another one. */
  #surplusOf(
    userId: UserId,
    exchanged: boolean,
    max: number,
  ): { readonly staying: ValidToken[]; readonly surplus: number } {
    const isOfKind = (token: ValidToken): boolean => isBearer(token) && token.exchanged === exchanged;
    const staying = this.#tokens.stayingOf(userId).filter(isOfKind);
    const arriving = this.#tokens.arrivingOf(userId).filter(isOfKind).length;
    return { staying, surplus: Math.max(0, staying.length + arriving + 1 - max) };
  }

  /** A token that is being rotated or revoked makes nothing that would stay. */
  #assertStaying(maker: ValidToken | undefined): void {
    if (maker !== undefined && !this.#tokens.isStaying(maker.tokenHash))
      throw new OctoStoreError('unauthorized');
  }

  #unlessUnusable(token: ValidToken | null): ValidToken | null {
    return token === null || this.#isOver(token) || this.#suspended.has(token.userId) ? null : token;
  }

  /** What the database is told about the last use of a token that was used lately. */
  #lastUseOf({ tokenHash }: ValidToken, nowMs: number): number {
    const ofSession = this.#uses.lastUseOf(tokenHash);
    return ofSession === null ? floor(nowMs, HOUR_MS) : floor(ofSession, MINUTE_MS);
  }

  #isOver(token: ValidToken): boolean {
    const { expiresAtMs, browser } = token;
    if (expiresAtMs === null && browser === null) return false;
    const nowMs = this.#clock.wallMs();
    return (expiresAtMs !== null && expiresAtMs <= nowMs) || this.#uses.isIdle(token, nowMs);
  }

  /** The root of a token that is made or rotated from this one. */
  #rootOf({ tokenHash, descendsFrom }: ValidToken): string | null {
    return this.#configured.has(tokenHash) ? tokenHash : descendsFrom;
  }

  #newToken(facts: NewFacts): MadeToken {
    const { userId, label, expiresAtMs, scope, descendsFrom, exchanged, browser = null } = facts;
    const token = browser === null ? makeToken() : makeSessionSecret();
    const tokenHash = browser === null ? hashToken(token) : hashSessionSecret(token);
    return {
      token,
      facts: {
        tokenHash,
        tokenId: facts.tokenId ?? firstIdOf(tokenHash),
        userId,
        createdAtMs: this.#clock.wallMs(),
        lastUsedAtMs: facts.lastUsedAtMs ?? null,
        descendsFrom,
        label,
        expiresAtMs,
        scope,
        exchanged,
        browser,
      },
    };
  }

  async #exchange({ ends, why = 'revoked', adds, rows = new RowChanges(), record }: Exchange): Promise<void> {
    const withSessions = new Set([...ends, ...ends.flatMap((token) => this.#tokens.sessionsOf(token))]);
    for (const { tokenHash } of withSessions) {
      this.#tokens.end(tokenHash, rows);
      rows.onDurable(() => {
        if (why === 'expired') this.#expired.add(tokenHash);
        this.#notifyEnd(tokenHash, why);
      });
    }
    if (adds !== undefined) this.#tokens.add(adds.facts, rows);
    for (const token of adds === undefined ? ends : [adds.facts]) record?.(token, rows);
    const users = new Set([...ends, ...(adds === undefined ? [] : [adds.facts])].map(({ userId }) => userId));
    rows.onDurable(() => users.forEach((userId) => this.#notifyChange(userId)));
    await this.#store.write(rows);
  }

  #stored(token: ValidToken): StoredToken {
    return { ...token, createdAtMs: token.createdAtMs ?? this.#clock.wallMs() };
  }

  /** A configured token would be loaded again at the next start, so it is stored as revoked. */
  #writeEnd(token: ValidToken, rows: RowChanges): void {
    if (this.#configured.has(token.tokenHash)) rows.put('tokens', revokedRowOf(token, this.#clock.wallMs()));
    else rows.remove('tokens', token.tokenHash);
  }

  #notifyChange(userId: UserId): void {
    for (const listener of this.#changeListeners) listener(userId);
  }

  #notifyEnd(tokenHash: TokenHash, why: TokenEnd): void {
    const listeners = this.#endListeners.get(tokenHash) ?? [];
    this.#endListeners.delete(tokenHash);
    for (const listener of listeners) listener(why);
  }
}

function floor(ms: number, step: number): number {
  return Math.floor(ms / step) * step;
}

function isBearer({ browser }: ValidToken): boolean {
  return browser === null;
}

const NOTHING_TO_ROTATE =
  'You have sent a browser session, which has no token to rotate. To get a new session, sign in again.';
