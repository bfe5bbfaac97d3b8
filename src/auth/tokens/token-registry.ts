import type { UserId } from '../../core/model/ids.js';
import type { RowChanges } from '../../journal/row-changes.js';
import { DurableMap, type WriteValue } from '../../store/durable-map.js';
import type { TokenHash } from './token-format.js';

/** A valid token, without its text. */
export interface ValidToken {
  readonly tokenHash: TokenHash;
  readonly userId: UserId;
  /** Wall-clock milliseconds; null for one that the configuration gives. */
  readonly createdAtMs: number | null;
  /** The hash of the configured token that it was rotated from, or `UNKNOWN_ROOT`; null if it was not. */
  readonly descendsFrom: string | null;
}

/** The tokens, by their hashes. One is valid from the moment at which it is durable to that at which its end is. */
export class TokenRegistry {
  readonly #tokens: DurableMap<TokenHash, ValidToken>;
  /** The hashes of each user's tokens, oldest first: of those that are valid, and of those that are on their way to disk. */
  readonly #ofUser = new Map<UserId, Set<TokenHash>>();
  /** Calls for the first use of valid tokens. */
  readonly #firstUses = new Map<TokenHash, () => void>();

  constructor(write: WriteValue<ValidToken>) {
    this.#tokens = new DurableMap(write);
  }

  get isEmpty(): boolean {
    return this.#tokens.durable.size === 0;
  }

  /** The valid token that somebody presents, by its hash. */
  find(tokenHash: TokenHash): ValidToken | null {
    const token = this.#tokens.durable.get(tokenHash);
    if (token === undefined) return null;
    if (this.#firstUses.size > 0) this.#use(tokenHash);
    return token;
  }

  /** Whether the user has a valid token. */
  has(userId: UserId): boolean {
    return this.#hashesOf(userId).some((tokenHash) => this.#tokens.durable.has(tokenHash));
  }

  /** The user's valid tokens whose end nobody has asked for, oldest first. */
  stayingOf(userId: UserId): ValidToken[] {
    return this.#aheadOf(userId).filter(({ tokenHash }) => this.#tokens.durable.has(tokenHash));
  }

  /** The user's tokens that are on their way to disk, oldest first. */
  arrivingOf(userId: UserId): ValidToken[] {
    return this.#aheadOf(userId).filter(({ tokenHash }) => !this.#tokens.durable.has(tokenHash));
  }

  /** Whether a token is valid or will be, and nobody has asked for its end. */
  isStaying(tokenHash: TokenHash): boolean {
    return this.#tokens.ahead.has(tokenHash);
  }

  /** All valid tokens. */
  all(): ValidToken[] {
    return [...this.#tokens.durable.values()];
  }

  /** Calls `onUse` when the token is found for the first time from now on. Returns false if it is not valid. */
  onFirstUse(tokenHash: TokenHash, onUse: () => void): boolean {
    if (!this.#tokens.durable.has(tokenHash)) return false;
    this.#firstUses.set(tokenHash, onUse);
    return true;
  }

  /** Takes in a token that is on disk, or that the configuration gives. */
  load(token: ValidToken): void {
    this.#tokens.load(token.tokenHash, token);
    this.#addTo(token);
  }

  /** Adds a token, which becomes valid with these rows. */
  add(token: ValidToken, rows: RowChanges): void {
    this.#tokens.set(token.tokenHash, token, rows);
    this.#addTo(token);
  }

  /** Ends a token, which is valid until these rows are durable. */
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

  #addTo({ tokenHash, userId }: ValidToken): void {
    this.#ofUser.set(userId, (this.#ofUser.get(userId) ?? new Set()).add(tokenHash));
  }

  #removed({ tokenHash, userId }: ValidToken): void {
    this.#firstUses.delete(tokenHash);
    const ofUser = this.#ofUser.get(userId);
    ofUser?.delete(tokenHash);
    if (ofUser?.size === 0) this.#ofUser.delete(userId);
  }

  #use(tokenHash: TokenHash): void {
    const onUse = this.#firstUses.get(tokenHash);
    this.#firstUses.delete(tokenHash);
    onUse?.();
  }
}
