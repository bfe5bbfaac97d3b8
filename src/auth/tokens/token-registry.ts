import type { UserId } from '../../core/model/ids.js';
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

/** The valid tokens, by their hashes. What stands here is durable. */
export class TokenRegistry {
  readonly #valid = new Map<TokenHash, ValidToken>();
  /** Each user's tokens, oldest first. */
  readonly #tokens = new Map<UserId, Set<ValidToken>>();
  /** Valid tokens whose first use somebody waits for. They stand apart, so that all others cost nothing. */
  readonly #unused = new Map<TokenHash, { readonly token: ValidToken; readonly onUse: () => void }>();

  get isEmpty(): boolean {
    return this.#valid.size === 0 && this.#unused.size === 0;
  }

  /** The token that somebody presents, by its hash. */
  find(tokenHash: TokenHash): ValidToken | null {
    return this.#valid.get(tokenHash) ?? this.#findUnused(tokenHash);
  }

  has(userId: UserId): boolean {
    return (this.#tokens.get(userId)?.size ?? 0) > 0;
  }

  /** The user's tokens, oldest first. */
  tokensOf(userId: UserId): readonly ValidToken[] {
    return [...(this.#tokens.get(userId) ?? [])];
  }

  all(): ValidToken[] {
    return [...this.#valid.values(), ...[...this.#unused.values()].map(({ token }) => token)];
  }

  /** Calls `onUse` when the token is found for the first time from now on. Returns false if it is not valid. */
  onFirstUse(tokenHash: TokenHash, onUse: () => void): boolean {
    const token = this.#valid.get(tokenHash);
    if (token === undefined) return false;
    this.#valid.delete(tokenHash);
    this.#unused.set(tokenHash, { token, onUse });
    return true;
  }

  add(token: ValidToken): void {
    const { tokenHash, userId } = token;
    this.remove(tokenHash);
    this.#valid.set(tokenHash, token);
    const tokens = this.#tokens.get(userId);
    if (tokens === undefined) this.#tokens.set(userId, new Set([token]));
    else tokens.add(token);
  }

  remove(tokenHash: TokenHash): void {
    const token = this.#valid.get(tokenHash) ?? this.#unused.get(tokenHash)?.token;
    if (token === undefined) return;
    this.#valid.delete(tokenHash);
    this.#unused.delete(tokenHash);
    this.#tokens.get(token.userId)?.delete(token);
  }

  #findUnused(tokenHash: TokenHash): ValidToken | null {
    const unused = this.#unused.get(tokenHash);
    if (unused === undefined) return null;
    this.#unused.delete(tokenHash);
    this.#valid.set(tokenHash, unused.token);
    unused.onUse();
    return unused.token;
  }
}
