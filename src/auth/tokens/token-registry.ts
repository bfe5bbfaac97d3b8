import type { UserId } from '../../core/ids.js';
import type { TokenHash } from './token-format.js';

/** The valid tokens, by their hashes. What stands here is durable. */
export class TokenRegistry {
  readonly #users = new Map<TokenHash, UserId>();
  /** Each user's tokens, oldest first. */
  readonly #tokens = new Map<UserId, Set<TokenHash>>();

  get isEmpty(): boolean {
    return this.#users.size === 0;
  }

  userOf(tokenHash: TokenHash): UserId | null {
    return this.#users.get(tokenHash) ?? null;
  }

  /** The user's tokens, oldest first. */
  tokensOf(userId: UserId): readonly TokenHash[] {
    return [...(this.#tokens.get(userId) ?? [])];
  }

  add(tokenHash: TokenHash, userId: UserId): void {
    this.remove(tokenHash);
    this.#users.set(tokenHash, userId);
    const tokens = this.#tokens.get(userId);
    if (tokens === undefined) this.#tokens.set(userId, new Set([tokenHash]));
    else tokens.add(tokenHash);
  }

  remove(tokenHash: TokenHash): void {
    const userId = this.#users.get(tokenHash);
    if (userId === undefined) return;
    this.#users.delete(tokenHash);
    this.#tokens.get(userId)?.delete(tokenHash);
  }
}
