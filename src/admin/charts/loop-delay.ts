/** How often the delay of the event loop is measured, in milliseconds. */
export const LOOP_CHECK_EVERY_MS = 100;

/** How late a timer runs. Whatever arrives for the server waits as long. */
export class LoopDelay {
  #lastMs: number;
  #delaysMs: number[] = [];

  constructor(nowMs: number) {
    this.#lastMs = nowMs;
  }

  /** Call this every `LOOP_CHECK_EVERY_MS`. */
  check(nowMs: number): void {
    this.#delaysMs.push(Math.max(0, nowMs - this.#lastMs - LOOP_CHECK_EVERY_MS));
    this.#lastMs = nowMs;
  }

  /** The 99th percentile since the last call, in milliseconds. Null if nothing was measured. */
  takeP99Ms(): number | null {
    const sorted = this.#delaysMs.toSorted((a, b) => a - b);
    this.#delaysMs = [];
    return sorted[Math.ceil(sorted.length * 0.99) - 1] ?? null;
  }
}
