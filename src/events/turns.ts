import type { Clock } from '../clock/clock.js';
import type { UserId } from '../core/model/ids.js';
import { FairQueue } from './fair-queue.js';

/** How many milliseconds streams are served before other input gets its turn. */
const SLICE_MS = 0.5;

/** The share of the time that streams get at least when the server is busy with other input. */
const SHARE_WHEN_BUSY = 0.2;

/** How many steps a slice has at most, in case the clock stands still. */
const STEPS_MAX = 1_000;

/** A small piece of work that takes some hundredths of a millisecond. Returns whether there is nothing left to do. */
export type Step = () => boolean;

interface Work {
  readonly step: Step;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Does the work of all event streams in short slices. Requests and commits get their turn between the slices. While a request waits
 * for a commit, streams get at most half of the time. Within a slice users take turns, one step each, so that the work for one user
 * does not delay the others.
 */
export class Turns {
  readonly #clock: Clock;
  readonly #areOthersWaiting: () => boolean;
  readonly #queue = new FairQueue<Work>();
  #isScheduled = false;
  /** How many milliseconds other work gets before the next slice if any is waiting: as long as the last slice took. */
  #pauseMs = 0;

  /** @param areOthersWaiting whether requests wait for a commit at this moment. */
  constructor(clock: Clock, areOthersWaiting: () => boolean) {
    this.#clock = clock;
    this.#areOthersWaiting = areOthersWaiting;
  }

  /** Repeats `step`. Resolves once it has returned true, and rejects if it throws. */
  run(user: UserId, step: Step): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#queue.push(user, { step, resolve, reject });
      if (!this.#isScheduled) this.#schedule();
    });
  }

  #schedule(): void {
    this.#isScheduled = true;
    const sinceMs = this.#clock.monotonicMs();
    const begin = (): void => this.#slice(this.#clock.monotonicMs() - sinceMs);
    this.#clock.afterBacklog(() => {
      const leftMs = this.#pauseMs - (this.#clock.monotonicMs() - sinceMs);
      if (leftMs > 0 && this.#areOthersWaiting()) this.#clock.after(leftMs, begin);
      else begin();
    });
  }

  /** @param waitedMs how long other input had its turn. */
  #slice(waitedMs: number): void {
    const budgetMs = Math.max(SLICE_MS, waitedMs * SHARE_WHEN_BUSY);
    const sinceMs = this.#clock.monotonicMs();
    let steps = 0;
    do {
      this.#step();
      steps += 1;
    } while (!this.#queue.isEmpty && steps < STEPS_MAX && this.#clock.monotonicMs() - sinceMs < budgetMs);
    this.#isScheduled = false;
    this.#pauseMs = this.#queue.isEmpty ? 0 : this.#clock.monotonicMs() - sinceMs;
    if (!this.#queue.isEmpty) this.#schedule();
  }

  #step(): void {
    const next = this.#queue.shift();
    if (next === null) return;
    const { step, resolve, reject } = next.item;
    try {
      if (step()) resolve();
      else this.#queue.push(next.user, next.item);
    } catch (error) {
      reject(error);
    }
  }
}
