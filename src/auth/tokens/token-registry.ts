import type { UserId } from '../../core/model/ids.js';
import type { RowChanges } from '../../journal/row-changes.js';
import { DurableMap, type WriteValue } from '../../store/durable-map.js';
import type { SessionUses } from '../browser/session-uses.js';
import type { TokenHash } from './token-format.js';
import type { ValidToken } from './valid-token.js';

/** The tokens, by hash. A token is valid from the moment it is durable until its end is durable. */
export class TokenRegistry {
  readonly #tokens: DurableMap<TokenHash, ValidToken>;
  /** The hashes of each user's tokens, oldest first: those that are valid, and those that are not durable yet. */
  readonly #ofUser = new Map<UserId, Set<TokenHash>>();
  /** The hashes of tokens with scopes, by their ids. While one is rotated, two have the same id. */
  readonly #scoped = new Map<string, Set<TokenHash>>();
  /** When tokens expire, in wall-clock milliseconds. */
  readonly #expiring = new Map<TokenHash, number>();
  /** The tokens that were used since `takeUsed` was last called. */
  #used = new Set<TokenHash>();
  /** Callbacks for the first use of valid tokens. */
  readonly #firstUses = new Map<TokenHash, () => void>();

  readonly #uses: SessionUses;

  /** @param uses learns of every browser session that begins or ends. */
  constructor(uses: SessionUses, write: WriteValue<ValidToken>) {
    this.#uses = uses;
    this.#tokens = new DurableMap(write);
  }

  get isEmpty(): boolean {
    return this.#tokens.durable.size === 0;
  }

  /** The valid token with this hash. This counts as a use of it. */
  find(tokenHash: TokenHash): ValidToken | null {
    const token = this.#tokens.durable.get(tokenHash);
    if (token === undefined) return null;
    this.#used.add(tokenHash);
    if (this.#firstUses.size > 0) this.#use(tokenHash);
    return token;
  }

  /** Whether the user has a valid token. */
  has(userId: UserId): boolean {
    return this.#hashesOf(userId).some((tokenHash) => this.#tokens.durable.has(tokenHash));
  }

  /** How many tokens the user has, those that begin and end now included. */
  countOf(userId: UserId): number {
    return this.#ofUser.get(userId)?.size ?? 0;
  }

  /** The user's valid tokens, oldest first. */
  validOf(userId: UserId): ValidToken[] {
    return this.#hashesOf(userId).flatMap((tokenHash) => this.#tokens.durable.get(tokenHash) ?? []);
  }

  /** The valid token with scopes that has this id, or null. */
  scopedWithId(tokenId: string): ValidToken | null {
    for (const tokenHash of this.#scoped.get(tokenId) ?? []) {
      const token = this.#tokens.durable.get(tokenHash);
      if (token !== undefined) return token;
    }
    return null;
  }

  /** The user's valid tokens that are not being revoked or rotated, oldest first. */
  stayingOf(userId: UserId): ValidToken[] {
    return this.#aheadOf(userId).filter(({ tokenHash }) => this.#tokens.durable.has(tokenHash));
  }

  /** The user's tokens that are not durable yet, oldest first. */
  arrivingOf(userId: UserId): ValidToken[] {
    return this.#aheadOf(userId).filter(({ tokenHash }) => !this.#tokens.durable.has(tokenHash));
  }

  /** The browser sessions that were opened with a token and end with it, durable or not. */
  sessionsOf({ userId, tokenId, browser }: ValidToken): ValidToken[] {
    if (browser !== null) return [];
    return this.#aheadOf(userId).filter((token) => token.browser?.openedWith === tokenId);
  }

  /** Whether a token is valid or will be, and is not being revoked or rotated. */
  isStaying(tokenHash: TokenHash): boolean {
    return this.#tokens.ahead.has(tokenHash);
  }

  /** All valid tokens. */
  all(): ValidToken[] {
    return [...this.#tokens.durable.values()];
  }

  /** The valid tokens that expire at this time or earlier, and the browser sessions that have been idle for too long. */
  expiredBy(nowMs: number): ValidToken[] {
    const expired = [...this.#expiring].filter(([, expiresAtMs]) => expiresAtMs <= nowMs);
    const hashes = new Set([...expired.map(([tokenHash]) => tokenHash), ...this.#uses.idleBy(nowMs)]);
    return [...hashes].flatMap((tokenHash) => this.#tokens.durable.get(tokenHash) ?? []);
  }

  /** The valid tokens that were used since the last call, and are not being revoked or rotated. */
  takeUsed(): ValidToken[] {
    const used = this.#used;
    this.#used = new Set();
    return [...used].flatMap((tokenHash) => this.#tokens.ahead.get(tokenHash) ?? []);
  }

  /** Replaces what is known about a token. */
  update(token: ValidToken, rows: RowChanges): void {
    this.#tokens.set(token.tokenHash, token, rows);
  }

  /** The same for a token of which the database knows nothing. */
  updateInMemory(token: ValidToken): void {
    this.#tokens.load(token.tokenHash, token);
  }

  /** Calls `onUse` the next time the token is used. Returns false if it is not valid. */
  onFirstUse(tokenHash: TokenHash, onUse: () => void): boolean {
    if (!this.#tokens.durable.has(tokenHash)) return false;
    this.#firstUses.set(tokenHash, onUse);
    return true;
  }

  /** Adds a token that is already on disk or comes from the configuration. */
  load(token: ValidToken): void {
    this.#tokens.load(token.tokenHash, token);
    this.#addTo(token);
  }

  /** Adds a token. It becomes valid when these rows are durable. */
  add(token: ValidToken, rows: RowChanges): void {
    this.#tokens.set(token.tokenHash, token, rows);
    this.#addTo(token);
  }

  /** Ends a token. It stays valid until these rows are durable. */
  end(tokenHash: TokenHash, rows: RowChanges): void {
    const token = this.#tokens.ahead.get(tokenHash);
    if (token === undefined) return;
    this.#tokens.delete(tokenHash, rows);
    rows.onDurable(() => this.#removed(token));
  }

  #aheadOf(userId: UserId): ValidToken[] {
    return this.#hashesOf(userId).flatMap((tokenHash) => this.#tokens.ahead.get(tokenHash) ?? []);
  }

  #hashesOf(userId: UserId): TokenHash[] {
    return [...(this.#ofUser.get(userId) ?? [])];
  }

  #addTo(token: ValidToken): void {
    const { tokenHash, tokenId, userId, expiresAtMs, scope } = token;
    this.#uses.begin(token);
    if (expiresAtMs !== null) this.#expiring.set(tokenHash, expiresAtMs);
    addTo(this.#ofUser, userId, tokenHash);
    if (scope !== null) addTo(this.#scoped, tokenId, tokenHash);
  }

  #removed({ tokenHash, tokenId, userId }: ValidToken): void {
    this.#firstUses.delete(tokenHash);
    this.#expiring.delete(tokenHash);
    this.#uses.forget(tokenHash);
    removeFrom(this.#ofUser, userId, tokenHash);
    removeFrom(this.#scoped, tokenId, tokenHash);
  }

  #use(tokenHash: TokenHash): void {
    const onUse = this.#firstUses.get(tokenHash);
    this.#firstUses.delete(tokenHash);
    onUse?.();
  }
}

function addTo<K>(hashes: Map<K, Set<TokenHash>>, key: K, tokenHash: TokenHash): void {
  hashes.set(key, (hashes.get(key) ?? new Set()).add(tokenHash));
}

function removeFrom<K>(hashes: Map<K, Set<TokenHash>>, key: K, tokenHash: TokenHash): void {
  const known = hashes.get(key);
  known?.delete(tokenHash);
  if (known?.size === 0) hashes.delete(key);
}
