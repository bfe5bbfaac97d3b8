import type { Clock } from '../clock/clock.js';
import type { UserId } from '../core/model/ids.js';
import { FairLine } from './fair-line.js';

/** Milliseconds for which streams are served before other input has its turn. */
const SLICE_MS = 0.5;

/** The part of the time that streams get at least while the server is so busy that its other input takes long. */
const SHARE_WHEN_BUSY = 0.2;

/** Steps of a slice at most, for a clock that stands still. */
const STEPS_MAX = 1_000;

/** A small piece of work, of some hundredths of a millisecond. Returns whether there is nothing left to do. */
export type Step = () => boolean;

interface Work {
  readonly step: Step;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Does the work for all event streams in short slices, between which requests and commits have their turn. While any of those wait
 * for a commit, streams get half of the time at most. In a slice the users take turns, a step at a time, so that the work for one
 * user delays nobody else's.
 */
export class Turns {
  readonly #clock: Clock;
  readonly #areOthersWaiting: () => boolean;
  readonly #line = new FairLine<Work>();
  #isScheduled = false;
  /** Milliseconds that others have before the next slice, if any of them wait: as long as the last slice took. */
  #pauseMs = 0;

  /** @param areOthersWaiting Whether requests wait for a commit at this moment. */
  constructor(clock: Clock, areOthersWaiting: () => boolean) {
    this.#clock = clock;
    this.#areOthersWaiting = areOthersWaiting;
  }

  /** Resolves when `step` has said that nothing is left to do; rejects when it throws. */
  run(user: UserId, step: Step): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#line.push(user, { step, resolve, reject });
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

  /** @param waitedMs For how long other input had its turn. */
  #slice(waitedMs: number): void {
    const budgetMs = Math.max(SLICE_MS, waitedMs * SHARE_WHEN_BUSY);
    const sinceMs = this.#clock.monotonicMs();
    let steps = 0;
    do {
      this.#step();
      steps += 1;
    } while (!this.#line.isEmpty && steps < STEPS_MAX && this.#clock.monotonicMs() - sinceMs < budgetMs);
    this.#isScheduled = false;
    this.#pauseMs = this.#line.isEmpty ? 0 : this.#clock.monotonicMs() - sinceMs;
    if (!this.#line.isEmpty) this.#schedule();
  }

  #step(): void {
    const next = this.#line.shift();
    if (next === null) return;
    const { step, resolve, reject } = next.item;
    try {
      if (step()) resolve();
      else this.#line.push(next.user, next.item);
    } catch (error) {
      reject(error);
    }
  }
}
