import type { Clock } from '../../clock/clock.js';
import type { UserId } from '../../core/model/ids.js';
import { OctoStoreError } from '../../errors/octostore-error.js';
import type { TokenRow } from '../../journal/rows/token-row.js';
import type { LockStore } from '../../store/lock-store.js';
import { RowChanges } from '../../journal/row-changes.js';
import type { StaticTokens } from './static-tokens.js';
import { hashToken, makeToken, type TokenHash } from './token-format.js';
import { TokenRegistry, type ValidToken } from './token-registry.js';

/** Valid tokens that one account may have. */
export const TOKENS_PER_USER_MAX = 100;

/** A token just made. This is the only time that its text is known. */
export interface MadeToken {
  readonly token: string;
  readonly facts: ValidToken & { readonly createdAtMs: number };
}

/** One commit: the tokens of one user that it ends, and the one that it brings. */
interface Exchange {
  readonly userId: UserId;
  readonly ends: readonly ValidToken[];
  readonly brings?: MadeToken;
  /** What is written together with them. */
  readonly rows?: RowChanges;
}

/**
 * The bearer tokens: how they begin and end on disk, and which are valid, in memory. A change is in force from the moment at
 * which it is durable; of changes at the same time the one that was asked for first comes first.
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

  /** Calls `onUse` when somebody presents the token for the first time from now on. Returns false if it is not valid. */
  onFirstUse(tokenHash: TokenHash, onUse: () => void): boolean {
    return this.#tokens.onFirstUse(tokenHash, onUse);
  }

  /** Takes note of a token that is on disk, or that the configuration gives. */
  add(token: ValidToken): void {
    this.#tokens.load(token);
  }

  /** Calls `listener` once when a token ends, or at once if it is not valid. Returns what calls that off. */
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
   * Calls `listener` with the user each time that tokens of that user have begun or ended. A rotation is one change: the
   * listener never sees the moment between the old token and the new one.
   */
  onChange(listener: (userId: UserId) => void): void {
    this.#changeListeners.push(listener);
  }

  /**
   * Makes a token for an account, which may be written along with it. If the account has as many as it may have, either the
   * oldest one ends, or this throws `token_limit_exceeded`.
   */
  async make(userId: UserId, beyondLimit: 'end_oldest' | 'refuse', rows: RowChanges): Promise<MadeToken> {
    const staying = this.#tokens.stayingOf(userId);
    const arriving = this.#tokens.arrivingOf(userId).length;
    const surplus = Math.max(0, staying.length + arriving + 1 - TOKENS_PER_USER_MAX);
    if (surplus > 0 && beyondLimit === 'refuse') throw new OctoStoreError('token_limit_exceeded');
    const brings = this.#newToken(userId, null);
    await this.#exchange({ userId, ends: staying.slice(0, surplus), brings, rows });
    return brings;
  }

  /**
   * Puts a new token in the place of a valid one. Throws `unauthorized` if it is not valid, or if its rotation or revocation is
   * under way.
   */
  async rotate(tokenHash: TokenHash): Promise<MadeToken> {
    this.#store.admission.admit('existing');
    const old = this.find(tokenHash);
    if (old === null || !this.#tokens.isStaying(tokenHash)) throw new OctoStoreError('unauthorized');
    const brings = this.#newToken(old.userId, this.#rootOf(old));
    await this.#exchange({ userId: old.userId, ends: [old], brings });
    return brings;
  }

  /**
   * Ends a token for good, also if the configuration goes on giving it. One whose rotation or revocation is under way is
   * `token_not_found`, as soon as it has ended.
   */
  async revoke(token: ValidToken): Promise<void> {
    this.#store.admission.admit('existing');
    if (!this.#tokens.isStaying(token.tokenHash)) throw new OctoStoreError('token_not_found');
    await this.#exchange({ userId: token.userId, ends: [token] });
  }

  /**
   * Ends all tokens of an account for good, those included that are being made now, by rotation for example. Returns those that
   * were valid.
   */
  async revokeAllOf(userId: UserId): Promise<readonly ValidToken[]> {
    this.#store.admission.admit('existing');
    const ended = this.#tokens.stayingOf(userId);
    await this.#exchange({ userId, ends: [...ended, ...this.#tokens.arrivingOf(userId)] });
    return ended;
  }

  /** What a token descends from that is rotated from this one. */
  #rootOf({ tokenHash, descendsFrom }: ValidToken): string | null {
    return this.#configured.has(tokenHash) ? tokenHash : descendsFrom;
  }

  #newToken(userId: UserId, descendsFrom: string | null): MadeToken {
    const token = makeToken();
    const createdAtMs = this.#clock.wallMs();
    return { token, facts: { tokenHash: hashToken(token), userId, createdAtMs, descendsFrom } };
  }

  async #exchange({ userId, ends, brings, rows = new RowChanges() }: Exchange): Promise<void> {
    for (const { tokenHash } of ends) {
      this.#tokens.end(tokenHash, rows);
      rows.onDurable(() => this.#tellEnd(tokenHash));
    }
    if (brings !== undefined) this.#tokens.add(brings.facts, rows);
    rows.onDurable(() => this.#tellChange(userId));
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

  /** A token that the configuration gives would come back at the next start, so it is remembered as revoked. */
  #writeEnd({ tokenHash, userId }: ValidToken, rows: RowChanges): void {
    const nowMs = this.#clock.wallMs();
    const revoked = { tokenHash, userId, revokedAt: nowMs, createdAt: nowMs, descendsFrom: null };
    if (this.#configured.has(tokenHash)) rows.put('tokens', revoked);
    else rows.remove('tokens', tokenHash);
  }

  #tellChange(userId: UserId): void {
    for (const listener of this.#changeListeners) listener(userId);
  }

  #tellEnd(tokenHash: TokenHash): void {
    const listeners = this.#endListeners.get(tokenHash) ?? [];
    this.#endListeners.delete(tokenHash);
    for (const listener of listeners) listener();
  }
}
