import type { Clock } from '../../../clock/clock.js';
import { isPassing } from './sql-errors.js';

/** How long to wait before each repetition, in milliseconds. The last one is for all that follow. */
const DELAYS_MS = [0, 50, 100, 200, 500, 1_000] as const;

/** Repeats what failed for a reason that passes, until it succeeds, the caller gives it up, or the journal is closed. */
export class Persistence {
  readonly #clock: Clock;
  readonly #stopped: AbortSignal;
  readonly #givenUp: AbortSignal | null;

  /**
   * @param stopped aborts when the journal closes. Its reason is the error that every pending call rejects with.
   * @param givenUp see `unless`.
   */
  constructor(clock: Clock, stopped: AbortSignal, givenUp: AbortSignal | null = null) {
    this.#clock = clock;
    this.#stopped = stopped;
    this.#givenUp = givenUp;
  }

  /** The same, until `givenUp` aborts. Every pending call then rejects with its reason, even if the database does not answer. */
  unless(givenUp: AbortSignal | undefined): Persistence {
    if (givenUp === undefined) return this;
    return new Persistence(this.#clock, AbortSignal.any([this.#stopped, givenUp]), givenUp);
  }

  get isGivenUp(): boolean {
    return this.#givenUp?.aborted === true;
  }

  throwIfGivenUp(): void {
    this.#givenUp?.throwIfAborted();
  }

  /** Rejects with the first error that does not pass, or if it must end. An attempt may then still be under way. */
  async until<T>(attempt: () => Promise<T>): Promise<T> {
    for (let failures = 0; ; failures += 1) {
      this.#stopped.throwIfAborted();
      try {
        return await this.#unlessGivenUp(attempt());
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

  /** Rejects as soon as it must end. */
  async pause(durationMs: number): Promise<void> {
    this.#stopped.throwIfAborted();
    if (durationMs === 0) return;
    await new Promise<void>((resolve) => {
      const cancel = this.#clock.after(durationMs, done);
      this.#stopped.addEventListener('abort', done, { once: true });
      const stopped = this.#stopped;
      function done(): void {
        cancel();
        stopped.removeEventListener('abort', done);
        resolve();
      }
    });
    this.#stopped.throwIfAborted();
  }

  async #unlessGivenUp<T>(answer: Promise<T>): Promise<T> {
    const signal = this.#givenUp;
    if (signal === null) return answer;
    const answered = new AbortController();
    const givenUp = new Promise((resolve) => {
      signal.addEventListener('abort', resolve, { once: true, signal: answered.signal });
    });
    await Promise.race([answer, givenUp]).finally(() => answered.abort());
    signal.throwIfAborted();
    return answer;
  }
}
