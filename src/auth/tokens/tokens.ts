import type { Clock } from '../../clock/clock.js';
import type { UserId } from '../../core/ids.js';
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

/** What is written together with a token. */
export interface AlongWithToken {
  readonly rows: RowChanges;
  /** Called when all is durable, just before the token is valid. */
  publish(): void;
}

/** One commit: the tokens of one user that it ends, and the one that it brings. */
interface Exchange {
  readonly userId: UserId;
  readonly ends: readonly TokenHash[];
  readonly brings?: MadeToken;
  readonly along?: AlongWithToken;
}

/**
 * The bearer tokens: how they begin and end on disk, and which are valid, in memory. A change is in force from the moment at
 * which it is durable; of changes at the same time the one that was asked for first comes first.
 */
export class Tokens {
  readonly #store: LockStore;
  readonly #clock: Clock;
  readonly #configured: StaticTokens;
  readonly #valid = new TokenRegistry();
  /** Tokens that are on their way to disk, and whose. */
  readonly #arriving = new Map<TokenHash, UserId>();
  /** Valid tokens whose end is on its way to disk. */
  readonly #ending = new Set<TokenHash>();
  readonly #endListeners = new Map<TokenHash, Set<() => void>>();
  readonly #changeListeners: ((userId: UserId) => void)[] = [];

  constructor(store: LockStore, clock: Clock, configured: StaticTokens) {
    this.#store = store;
    this.#clock = clock;
    this.#configured = configured;
  }

  get isEmpty(): boolean {
    return this.#valid.isEmpty;
  }

  find(tokenHash: TokenHash): ValidToken | null {
    return this.#valid.find(tokenHash);
  }

  all(): ValidToken[] {
    return this.#valid.all();
  }

  /** Calls `onUse` when somebody presents the token for the first time from now on. Returns false if it is not valid. */
  onFirstUse(tokenHash: TokenHash, onUse: () => void): boolean {
    return this.#valid.onFirstUse(tokenHash, onUse);
  }

  /** Takes note of a token that is on disk, or that the configuration gives. */
  add(token: ValidToken): void {
    this.#valid.add(token);
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
    return this.#valid.has(userId);
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
  async make(
    userId: UserId,
    beyondLimit: 'end_oldest' | 'refuse',
    along: AlongWithToken,
  ): Promise<MadeToken> {
    const staying = this.#stayingOf(userId);
    const surplus = Math.max(0, staying.length + this.#arrivingOf(userId).length + 1 - TOKENS_PER_USER_MAX);
    if (surplus > 0 && beyondLimit === 'refuse') throw new OctoStoreError('token_limit_exceeded');
    const brings = this.#newToken(userId, null);
    await this.#exchange({ userId, ends: staying.slice(0, surplus).map(hashOf), brings, along });
    return brings;
  }

  /**
   * Puts a new token in the place of a valid one. Throws `unauthorized` if it is not valid, or if its rotation or revocation is
   * under way.
   */
  async rotate(tokenHash: TokenHash): Promise<MadeToken> {
    this.#store.admission.admit('existing');
    const old = this.find(tokenHash);
    if (old === null || this.#ending.has(tokenHash)) throw new OctoStoreError('unauthorized');
    const brings = this.#newToken(old.userId, this.#rootOf(old));
    await this.#exchange({ userId: old.userId, ends: [tokenHash], brings });
    return brings;
  }

  /**
   * Ends a token for good, also if the configuration goes on giving it. One whose rotation or revocation is under way is
   * `token_not_found`, as soon as it has ended.
   */
  async revoke({ tokenHash, userId }: ValidToken): Promise<void> {
    this.#store.admission.admit('existing');
    if (this.#ending.has(tokenHash)) {
      await this.#store.write(new RowChanges());
      throw new OctoStoreError('token_not_found');
    }
    await this.#exchange({ userId, ends: [tokenHash] });
  }

  /**
   * Ends all tokens of an account for good, those included that are being made now, by rotation for example. Returns those that
   * were valid.
   */
  async revokeAllOf(userId: UserId): Promise<readonly ValidToken[]> {
    this.#store.admission.admit('existing');
    const ended = this.#stayingOf(userId);
    await this.#exchange({ userId, ends: [...ended.map(hashOf), ...this.#arrivingOf(userId)] });
    return ended;
  }

  /** The user's tokens that are to stay, oldest first. */
  #stayingOf(userId: UserId): readonly ValidToken[] {
    return this.#valid.tokensOf(userId).filter(({ tokenHash }) => !this.#ending.has(tokenHash));
  }

  #arrivingOf(userId: UserId): readonly TokenHash[] {
    return [...this.#arriving].filter(([, owner]) => owner === userId).map(([tokenHash]) => tokenHash);
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

  async #exchange(exchange: Exchange): Promise<void> {
    const { userId, ends, brings, along } = exchange;
    const changes = this.#rowsOf(exchange);
    for (const tokenHash of ends) this.#ending.add(tokenHash);
    if (brings !== undefined) this.#arriving.set(brings.facts.tokenHash, userId);
    try {
      await this.#store.write(changes);
      along?.publish();
      for (const tokenHash of ends) this.#forget(tokenHash);
      if (brings !== undefined) this.#valid.add(brings.facts);
      for (const listener of this.#changeListeners) listener(userId);
    } finally {
      for (const tokenHash of ends) this.#ending.delete(tokenHash);
      if (brings !== undefined) this.#arriving.delete(brings.facts.tokenHash);
    }
  }

  #rowsOf({ userId, ends, brings, along }: Exchange): RowChanges {
    const changes = new RowChanges();
    if (along !== undefined) changes.merge(along.rows);
    for (const tokenHash of ends) {
      if (this.#configured.has(tokenHash)) changes.put('tokens', this.#revokedRow(tokenHash, userId));
      else changes.remove('tokens', tokenHash);
    }
    if (brings !== undefined) {
      const { tokenHash, createdAtMs: createdAt, descendsFrom } = brings.facts;
      changes.put('tokens', { tokenHash, userId, revokedAt: null, createdAt, descendsFrom });
    }
    return changes;
  }

  /** A token that the configuration gives would come back at the next start, so it is remembered as revoked. */
  #revokedRow(tokenHash: TokenHash, userId: UserId): TokenRow {
    const nowMs = this.#clock.wallMs();
    return { tokenHash, userId, revokedAt: nowMs, createdAt: nowMs, descendsFrom: null };
  }

  #forget(tokenHash: TokenHash): void {
    this.#valid.remove(tokenHash);
    const listeners = this.#endListeners.get(tokenHash) ?? [];
    this.#endListeners.delete(tokenHash);
    for (const listener of listeners) listener();
  }
}

function hashOf({ tokenHash }: ValidToken): TokenHash {
  return tokenHash;
}
