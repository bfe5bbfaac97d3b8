/** The maximum number of states that are remembered. Each took a real sign-in, so ten minutes never bring this many. */
const REMEMBERED_MAX = 10_000;

/** Remembers finished sign-ins until they would have expired, so that none is finished twice. */
export class UsedStates {
  /** When each state expires, in milliseconds since 1970, in order of use. */
  readonly #expiries = new Map<string, number>();

  /** Marks a state as used. Returns false if it has been used before. */
  use(state: string, expiresAtMs: number, nowMs: number): boolean {
    if (this.#expiries.has(state)) return false;
    this.#forget(nowMs);
    this.#expiries.set(state, expiresAtMs);
    return true;
  }

  #forget(nowMs: number): void {
    for (const [state, expiresAtMs] of this.#expiries) {
      if (expiresAtMs >= nowMs && this.#expiries.size < REMEMBERED_MAX) return;
      this.#expiries.delete(state);
    }
  }
}
