import type { TokenHash } from '../tokens/token-format.js';
import type { ValidToken } from '../tokens/valid-token.js';

/** When browser sessions were last used, in memory. The database has it to the minute. */
export class SessionUses {
  readonly #idleMs: number;
  readonly #lastUses = new Map<TokenHash, number>();

  /** @param idleMs after how long without a use a session ends. */
  constructor(idleMs: number) {
    this.#idleMs = idleMs;
  }

  /** A session was opened, or read from the database. */
  begin({ tokenHash, browser, lastUsedAtMs, createdAtMs }: ValidToken): void {
    if (browser !== null) this.#lastUses.set(tokenHash, lastUsedAtMs ?? createdAtMs ?? 0);
  }

  forget(tokenHash: TokenHash): void {
    this.#lastUses.delete(tokenHash);
  }

  /** The session is used now. Does nothing for other tokens. */
  use(tokenHash: TokenHash, nowMs: number): void {
    if (this.#lastUses.has(tokenHash)) this.#lastUses.set(tokenHash, nowMs);
  }

  /** When the session was last used. Null for other tokens. */
  lastUseOf(tokenHash: TokenHash): number | null {
    return this.#lastUses.get(tokenHash) ?? null;
  }

  /** Whether the session has not been used for too long. */
  isIdle({ tokenHash, browser }: ValidToken, nowMs: number): boolean {
    return browser !== null && this.idleEndOf(tokenHash) <= nowMs;
  }

  /** When the session ends if it is not used again. */
  idleEndOf(tokenHash: TokenHash): number {
    return this.#idleEnd(this.#lastUses.get(tokenHash) ?? 0);
  }

  /** The sessions that have not been used for too long. */
  idleBy(nowMs: number): TokenHash[] {
    return [...this.#lastUses].flatMap(([tokenHash, lastMs]) =>
      this.#idleEnd(lastMs) <= nowMs ? [tokenHash] : [],
    );
  }

  #idleEnd(lastUseMs: number): number {
    return lastUseMs + this.#idleMs;
  }
}
