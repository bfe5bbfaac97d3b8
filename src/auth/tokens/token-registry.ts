import type { UserId } from '../../core/ids.js';
import type { TokenHash } from './token-format.js';

/** A valid token, without its text. */
export interface ValidToken {
  readonly tokenHash: TokenHash;
  readonly userId: UserId;
  /** Wall-clock milliseconds; null for one that the configuration gives. */
  readonly createdAtMs: number | null;
}

/** The valid tokens, by their hashes. What stands here is durable. */
export class TokenRegistry {
  readonly #valid = new Map<TokenHash, ValidToken>();
  /** Each user's tokens, oldest first. */
  readonly #tokens = new Map<UserId, Set<ValidToken>>();

  get isEmpty(): boolean {
    return this.#valid.size === 0;
  }

  find(tokenHash: TokenHash): ValidToken | null {
    return this.#valid.get(tokenHash) ?? null;
  }

  has(userId: UserId): boolean {
    return (this.#tokens.get(userId)?.size ?? 0) > 0;
  }

  /** The user's tokens, oldest first. */
  tokensOf(userId: UserId): readonly ValidToken[] {
    return [...(this.#tokens.get(userId) ?? [])];
  }

  all(): IterableIterator<ValidToken> {
    return this.#valid.values();
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
    const token = this.#valid.get(tokenHash);
    if (token === undefined) return;
    this.#valid.delete(tokenHash);
    this.#tokens.get(token.userId)?.delete(token);
  }
}
