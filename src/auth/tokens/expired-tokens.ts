import type { TokenHash } from './token-format.js';

/** How many expired tokens are remembered. */
const REMEMBERED_MAX = 10_000;

/** Tokens that have expired since the start, so that their users can be told. The oldest are forgotten first. */
export class ExpiredTokens {
  readonly #hashes = new Set<TokenHash>();

  add(tokenHash: TokenHash): void {
    this.#hashes.add(tokenHash);
    if (this.#hashes.size <= REMEMBERED_MAX) return;
    const [oldest] = this.#hashes;
    if (oldest !== undefined) this.#hashes.delete(oldest);
  }

  has(tokenHash: TokenHash): boolean {
    return this.#hashes.has(tokenHash);
  }
}
