import type { Passage } from './outages.js';

/** When a session may have ended and when it must have, as far as its client knows. */
export class SessionFacts {
  /** After this moment it is certainly over. */
  endedByMs = Infinity;
  isEndRequested = false;
  /** Its TTL began at this moment or later. */
  #keptMs: number;
  #endRequestedMs = Infinity;

  constructor(
    readonly id: string,
    readonly ttlMs: number,
    callMs: number,
  ) {
    this.#keptMs = callMs;
  }

  /** Before this moment it is certainly alive. */
  earliestEnd(passage: Passage): number {
    return Math.min(passage.soonest(this.#keptMs, this.ttlMs), this.#endRequestedMs);
  }

  keptAlive(callMs: number): void {
    if (!this.isEndRequested) this.#keptMs = callMs;
  }

  endRequested(callMs: number): void {
    this.isEndRequested = true;
    this.#endRequestedMs = Math.min(this.#endRequestedMs, callMs);
  }

  /** An answer said that it has ended. */
  ended(returnMs: number): void {
    this.endedByMs = Math.min(this.endedByMs, returnMs);
  }
}
