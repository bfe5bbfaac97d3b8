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
  /** What to do if the account has reached its limit of tokens. */
  readonly beyondLimit: 'end_oldest' | 'refuse';
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
  Pick<ValidToken, 'userId' | 'descendsFrom'> &
  Partial<Pick<ValidToken, 'tokenId' | 'lastUsedAtMs' | 'browser'>>;

/** The changes of one commit: the tokens of one user that it ends, and the one that it adds. */
interface Exchange {
  readonly userId: UserId;
  readonly ends: readonly ValidToken[];
  readonly adds?: MadeToken;
  /** Other rows to write in the same commit. */
  readonly rows?: RowChanges;
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
  readonly #endListeners = new Map<TokenHash, Set<() => void>>();
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
    const token = this.#tokens.find(tokenHash);
    if (token === null || this.#isOver(token)) return null;
    if (!isBearer(token)) this.#uses.use(token, this.#clock.wallMs());
    return token;
  }

  /** When a browser session ends if it is not used again, in wall-clock milliseconds. */
  idleEndOf(session: ValidToken): number {
    return this.#uses.idleEndOf(session.tokenHash);
  }

  /** The valid token with scopes that has this id, or null. */
  scopedWithId(tokenId: string): ValidToken | null {
    const token = this.#tokens.scopedWithId(tokenId);
    return token === null || this.#isOver(token) ? null : token;
  }

  all(): ValidToken[] {
    return this.#tokens.all().filter((token) => !this.#isOver(token));
  }

  /** The user's valid tokens, oldest first. */
  allOf(userId: UserId): ValidToken[] {
    return this.#tokens.stayingOf(userId).filter((token) => !this.#isOver(token));
  }

  /** Whether a token that is not valid was valid until it expired, as far as that is remembered. */
  hasExpired(tokenHash: TokenHash): boolean {
    const token = this.#tokens.find(tokenHash);
    return token === null ? this.#expired.has(tokenHash) : this.#isOver(token);
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
  onEnd(tokenHash: TokenHash, listener: () => void): () => void {
    if (this.find(tokenHash) === null) {
      listener();
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
    return this.#tokens.has(userId);
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
   * its oldest tokens without a label, or throws `token_limit_exceeded`. It also throws that if all of them have labels.
   */
  async make({ userId, terms = NO_TERMS, beyondLimit, maker, rows, record }: Making): Promise<MadeToken> {
    const staying = this.#tokens.stayingOf(userId).filter(isBearer);
    const arriving = this.#tokens.arrivingOf(userId).filter(isBearer).length;
    const surplus = Math.max(0, staying.length + arriving + 1 - TOKENS_PER_USER_MAX);
    const ends = staying.filter(({ label }) => label === null).slice(0, surplus);
    if (surplus > 0 && (beyondLimit === 'refuse' || ends.length < surplus))
      throw new OctoStoreError('token_limit_exceeded');
    const adds = this.#newToken({ userId, ...terms, descendsFrom: maker ? this.#rootOf(maker) : null });
    await this.#exchange({ userId, ends, adds, rows, record });
    return adds;
  }

  /**
   * Opens a browser session. If the account has reached its limit of sessions, the oldest one ends. Throws `unauthorized` if the token
   * that opens it is being rotated or revoked.
   */
  async openSession({ userId, expiresAtMs, browser, maker, rows, record }: Opening): Promise<MadeToken> {
    if (maker !== undefined && !this.#tokens.isStaying(maker.tokenHash))
      throw new OctoStoreError('unauthorized');
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
      browser,
    });
    await this.#exchange({ userId, ends, adds, rows, record });
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
    await this.#exchange({ userId: old.userId, ends: [old], adds, record });
    return adds;
  }

  /**
   * Ends a token permanently, even if the configuration still contains it. If it is already being rotated or revoked, this
   * throws `token_not_found` once it has ended.
   */
  async revoke(token: ValidToken, record: RecordToken): Promise<void> {
    this.#store.admission.admit('existing');
    if (!this.#tokens.isStaying(token.tokenHash)) throw new OctoStoreError('token_not_found');
    await this.#exchange({ userId: token.userId, ends: [token], record });
  }

  /**
   * Permanently ends all tokens of an account, including those that are being created now, for example by a rotation. Returns
   * those that were valid.
   */
  async revokeAllOf(userId: UserId, record: RecordToken): Promise<readonly ValidToken[]> {
    this.#store.admission.admit('existing');
    const ended = this.#tokens.stayingOf(userId);
    await this.#exchange({ userId, ends: [...ended, ...this.#tokens.arrivingOf(userId)], record });
    return ended;
  }

  /** Ends the tokens that have expired. What waits for their end is told even if the database cannot be written now. */
  async endExpired(): Promise<void> {
    for (const token of this.#tokens.expiredBy(this.#clock.wallMs())) {
      this.#expired.add(token.tokenHash);
      this.#notifyEnd(token.tokenHash);
      if (!this.#store.admission.isAvailable || !this.#tokens.isStaying(token.tokenHash)) continue;
      await this.#exchange({ userId: token.userId, ends: [token], record: null });
    }
  }

  /**
   * Records which tokens were used since the last call, to the hour, and browser sessions to the minute. So a token costs at most one
   * write an hour.
   */
  async recordUses(): Promise<void> {
    const rows = new RowChanges();
    const nowMs = this.#clock.wallMs();
    const used = this.#tokens.takeUsed().flatMap((token) => {
      const lastUsedAtMs = this.#lastUseOf(token, nowMs);
      return lastUsedAtMs === token.lastUsedAtMs ? [] : [{ ...token, lastUsedAtMs }];
    });
    for (const updated of used) {
      // Rows of configured tokens would keep them valid after they have left the configuration.
      if (this.#configured.has(updated.tokenHash)) this.#tokens.updateInMemory(updated);
      else this.#tokens.update(updated, rows);
    }
    if (used.length > 0) await this.#store.write(rows);
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
    const { userId, label, expiresAtMs, scope, descendsFrom, browser = null } = facts;
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
        browser,
      },
    };
  }

  async #exchange({ userId, ends, adds, rows = new RowChanges(), record }: Exchange): Promise<void> {
    const withSessions = new Set([...ends, ...ends.flatMap((token) => this.#tokens.sessionsOf(token))]);
    for (const { tokenHash } of withSessions) {
      this.#tokens.end(tokenHash, rows);
      rows.onDurable(() => this.#notifyEnd(tokenHash));
    }
    if (adds !== undefined) this.#tokens.add(adds.facts, rows);
    for (const token of adds === undefined ? ends : [adds.facts]) record?.(token, rows);
    rows.onDurable(() => this.#notifyChange(userId));
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

  #notifyEnd(tokenHash: TokenHash): void {
    const listeners = this.#endListeners.get(tokenHash) ?? [];
    this.#endListeners.delete(tokenHash);
    for (const listener of listeners) listener();
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
