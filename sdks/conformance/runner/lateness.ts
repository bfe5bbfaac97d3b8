import { nowMs } from '../../../src/process/time.js';

const LOOK_EVERY_MS = 10;

/** How late the machine is with what is due at a time, whatever the SDK does. Tells a late SDK from a busy machine. */
export class Lateness {
  readonly #late: { readonly atMs: number; readonly byMs: number }[] = [];
  readonly #timer: ReturnType<typeof setInterval>;
  #dueMs = nowMs() + LOOK_EVERY_MS;

  constructor() {
    this.#timer = setInterval(() => this.#look(), LOOK_EVERY_MS);
  }

  /** Milliseconds by which something was late at most, since a time on the monotonic clock. */
  since(startMs: number): number {
    return Math.max(0, ...this.#late.filter(({ atMs }) => atMs >= startMs).map(({ byMs }) => byMs));
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const atMs = nowMs();
    const byMs = atMs - this.#dueMs;
    if (byMs > LOOK_EVERY_MS) this.#late.push({ atMs, byMs });
    this.#dueMs = atMs + LOOK_EVERY_MS;
  }
}
