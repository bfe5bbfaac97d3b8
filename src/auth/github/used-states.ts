/** States that are remembered. Each has cost somebody a sign-in, so this is far more than comes together in ten minutes. */
const REMEMBERED_MAX = 10_000;

/** Remembers which sign-ins have been finished, until they would have expired anyway, so that none is finished twice. */
export class UsedStates {
  /** When each state expires, in milliseconds since 1970, in the order in which they were used. */
  readonly #expiries = new Map<string, number>();

  /** Uses a state up. Returns false if it has been used before. */
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
