import type { Clock } from '../../../clock/clock.js';
import { isPassing } from './sql-errors.js';

/** How long to wait before each repetition, in milliseconds. The last one is for all that follow. */
const DELAYS_MS = [0, 50, 100, 200, 500, 1_000] as const;

/** Repeats what failed for a reason that passes, until it succeeds or the journal is closed. */
export class Persistence {
  readonly #clock: Clock;
  readonly #closed: AbortSignal;

  /** @param closed aborts when the journal closes. Its reason is the error that every pending call rejects with. */
  constructor(clock: Clock, closed: AbortSignal) {
    this.#clock = clock;
    this.#closed = closed;
  }

  /** Rejects with the first error that does not pass, or if the journal is closed. */
  async until<T>(attempt: () => Promise<T>): Promise<T> {
    for (let failures = 0; ; failures += 1) {
      this.#closed.throwIfAborted();
      try {
        return await attempt();
      } catch (error) {
        if (!isPassing(error)) throw error;
        await this.afterFailure(failures);
      }
    }
  }

  /** Waits before the next repetition. */
  afterFailure(failures: number): Promise<void> {
    return this.pause(DELAYS_MS[Math.min(failures, DELAYS_MS.length - 1)] ?? 0);
  }

  /** Rejects as soon as the journal is closed. */
  async pause(durationMs: number): Promise<void> {
    this.#closed.throwIfAborted();
    if (durationMs === 0) return;
    await new Promise<void>((resolve) => {
      const cancel = this.#clock.after(durationMs, done);
      this.#closed.addEventListener('abort', done, { once: true });
      const closed = this.#closed;
      function done(): void {
        cancel();
        closed.removeEventListener('abort', done);
        resolve();
      }
    });
    this.#closed.throwIfAborted();
  }
}
