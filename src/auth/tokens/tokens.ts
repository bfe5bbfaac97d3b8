import type { Clock } from '../../clock/clock.js';
import type { UserId } from '../../core/model/ids.js';
import { OctoStoreError } from '../../errors/octostore-error.js';
import type { TokenRow } from '../../journal/rows/token-row.js';
import type { LockStore } from '../../store/lock-store.js';
import { RowChanges } from '../../journal/row-changes.js';
import type { StaticTokens } from './static-tokens.js';
import { hashToken, makeToken, type TokenHash } from './token-format.js';
import { TokenRegistry, type ValidToken } from './token-registry.js';

/** The maximum number of valid tokens per account. */
export const TOKENS_PER_USER_MAX = 100;

/** A newly created token. This is the only time that the token itself is known. */
export interface MadeToken {
  readonly token: string;
  readonly facts: ValidToken & { readonly createdAtMs: number };
}

/** The changes of one commit: the tokens of one user that it ends, and the one that it adds. */
interface Exchange {
  readonly userId: UserId;
  readonly ends: readonly ValidToken[];
  readonly adds?: MadeToken;
  /** Other rows to write in the same commit. */
  readonly rows?: RowChanges;
}

/**
 * The bearer tokens, on disk and in memory. A change takes effect when it is durable. Concurrent changes take effect in the
 * order in which they were requested.
 */
export class Tokens {
  readonly #store: LockStore;
  readonly #clock: Clock;
  readonly #configured: StaticTokens;
  readonly #tokens = new TokenRegistry({
    put: (rows, token) => rows.put('tokens', this.#rowOf(token)),
    remove: (rows, token) => this.#writeEnd(token, rows),
  });
  readonly #endListeners = new Map<TokenHash, Set<() => void>>();
  readonly #changeListeners: ((userId: UserId) => void)[] = [];

  constructor(store: LockStore, clock: Clock, configured: StaticTokens) {
    this.#store = store;
    this.#clock = clock;
    this.#configured = configured;
  }

  get isEmpty(): boolean {
    return this.#tokens.isEmpty;
  }

  find(tokenHash: TokenHash): ValidToken | null {
    return this.#tokens.find(tokenHash);
  }

  all(): ValidToken[] {
    return this.#tokens.all();
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
   * Creates a token for an account, which may be created in the same commit. If the account has reached its limit, this
   * either ends its oldest token or throws `token_limit_exceeded`.
   */
  async make(userId: UserId, beyondLimit: 'end_oldest' | 'refuse', rows: RowChanges): Promise<MadeToken> {
    const staying = this.#tokens.stayingOf(userId);
    const arriving = this.#tokens.arrivingOf(userId).length;
    const surplus = Math.max(0, staying.length + arriving + 1 - TOKENS_PER_USER_MAX);
    if (surplus > 0 && beyondLimit === 'refuse') throw new OctoStoreError('token_limit_exceeded');
    const adds = this.#newToken(userId, null);
    await this.#exchange({ userId, ends: staying.slice(0, surplus), adds, rows });
    return adds;
  }

  /**
   * Replaces a valid token with a new one. Throws `unauthorized` if the token is not valid, or is already being rotated or
   * revoked.
   */
  async rotate(tokenHash: TokenHash): Promise<MadeToken> {
    this.#store.admission.admit('existing');
    const old = this.find(tokenHash);
    if (old === null || !this.#tokens.isStaying(tokenHash)) throw new OctoStoreError('unauthorized');
    const adds = this.#newToken(old.userId, this.#rootOf(old));
    await this.#exchange({ userId: old.userId, ends: [old], adds });
    return adds;
  }

  /**
   * Ends a token permanently, even if the configuration still contains it. If it is already being rotated or revoked, this
   * throws `token_not_found` once it has ended.
   */
  async revoke(token: ValidToken): Promise<void> {
    this.#store.admission.admit('existing');
    if (!this.#tokens.isStaying(token.tokenHash)) throw new OctoStoreError('token_not_found');
    await this.#exchange({ userId: token.userId, ends: [token] });
  }

  /**
   * Permanently ends all tokens of an account, including those that are being created now, for example by a rotation. Returns
   * those that were valid.
   */
  async revokeAllOf(userId: UserId): Promise<readonly ValidToken[]> {
    this.#store.admission.admit('existing');
    const ended = this.#tokens.stayingOf(userId);
    await this.#exchange({ userId, ends: [...ended, ...this.#tokens.arrivingOf(userId)] });
    return ended;
  }

  /** The root of a token that is rotated from this one. */
  #rootOf({ tokenHash, descendsFrom }: ValidToken): string | null {
    return this.#configured.has(tokenHash) ? tokenHash : descendsFrom;
  }

  #newToken(userId: UserId, descendsFrom: string | null): MadeToken {
    const token = makeToken();
    const createdAtMs = this.#clock.wallMs();
    return { token, facts: { tokenHash: hashToken(token), userId, createdAtMs, descendsFrom } };
  }

  async #exchange({ userId, ends, adds, rows = new RowChanges() }: Exchange): Promise<void> {
    for (const { tokenHash } of ends) {
      this.#tokens.end(tokenHash, rows);
      rows.onDurable(() => this.#notifyEnd(tokenHash));
    }
    if (adds !== undefined) this.#tokens.add(adds.facts, rows);
    rows.onDurable(() => this.#notifyChange(userId));
    await this.#store.write(rows);
  }

  #rowOf({ tokenHash, userId, createdAtMs, descendsFrom }: ValidToken): TokenRow {
    return {
      tokenHash,
      userId,
      revokedAt: null,
      createdAt: createdAtMs ?? this.#clock.wallMs(),
      descendsFrom,
    };
  }

  /** A configured token would be loaded again at the next start, so it is stored as revoked. */
  #writeEnd({ tokenHash, userId }: ValidToken, rows: RowChanges): void {
    const nowMs = this.#clock.wallMs();
    const revoked = { tokenHash, userId, revokedAt: nowMs, createdAt: nowMs, descendsFrom: null };
    if (this.#configured.has(tokenHash)) rows.put('tokens', revoked);
    else rows.remove('tokens', tokenHash);
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
