/** When a session may have ended and when it must have, as far as its client knows. */
export class SessionFacts {
  /** Before this moment it is certainly alive. */
  endableFromMs: number;
  /** After this moment it is certainly over. */
  endedByMs = Infinity;
  isEndRequested = false;

  constructor(
    readonly id: string,
    readonly ttlMs: number,
    callMs: number,
  ) {
    this.endableFromMs = callMs + ttlMs;
  }

  keptAlive(callMs: number): void {
    if (!this.isEndRequested) this.endableFromMs = callMs + this.ttlMs;
  }

  endRequested(callMs: number): void {
    this.isEndRequested = true;
    this.endableFromMs = Math.min(this.endableFromMs, callMs);
  }

  /** An answer said that it has ended. */
  ended(returnMs: number): void {
    this.endedByMs = Math.min(this.endedByMs, returnMs);
  }
}
