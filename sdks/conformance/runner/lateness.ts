import { nowMs } from '../../../src/process/time.js';

const POLL_MS = 10;

/** Measures how late the machine's timers fire. This distinguishes a late SDK from a busy machine. */
export class Lateness {
  readonly #late: { readonly atMs: number; readonly byMs: number }[] = [];
  readonly #timer: ReturnType<typeof setInterval>;
  #dueMs = nowMs() + POLL_MS;

  constructor() {
    this.#timer = setInterval(() => this.#poll(), POLL_MS);
  }

  /** The largest lateness in milliseconds since a time on the monotonic clock. */
  since(startMs: number): number {
    return Math.max(0, ...this.#late.filter(({ atMs }) => atMs >= startMs).map(({ byMs }) => byMs));
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #poll(): void {
    const atMs = nowMs();
    const byMs = atMs - this.#dueMs;
    if (byMs > POLL_MS) this.#late.push({ atMs, byMs });
    this.#dueMs = atMs + POLL_MS;
  }
}
