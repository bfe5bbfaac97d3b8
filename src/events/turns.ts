import { Injectable } from '@nestjs/common';
import { Clock } from '../clock/clock.js';
import type { UserId } from '../core/ids.js';
import { FairLine } from './fair-line.js';

/** Milliseconds for which streams are served before other input has its turn. */
const SLICE_MS = 0.25;

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
 * Does the work for all event streams in short slices, between which requests and commits have their turn. In a slice the users
 * take turns, a step at a time, so that the work for one user delays nobody else's.
 */
@Injectable()
export class Turns {
  readonly #line = new FairLine<Work>();
  #isScheduled = false;

  constructor(private readonly clock: Clock) {}

  /** Resolves when `step` has said that nothing is left to do; rejects when it throws. */
  run(user: UserId, step: Step): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#line.push(user, { step, resolve, reject });
      this.#schedule();
    });
  }

  #schedule(): void {
    if (this.#isScheduled || this.#line.isEmpty) return;
    this.#isScheduled = true;
    const nowMs = this.clock.monotonicMs();
    this.clock.afterBacklog(() => this.#slice(this.clock.monotonicMs() - nowMs));
  }

  /** @param waitedMs For how long other input had its turn. */
  #slice(waitedMs: number): void {
    const budgetMs = Math.max(SLICE_MS, waitedMs * SHARE_WHEN_BUSY);
    const endMs = this.clock.monotonicMs() + budgetMs;
    let steps = 0;
    do {
      this.#step();
      steps += 1;
    } while (!this.#line.isEmpty && steps < STEPS_MAX && this.clock.monotonicMs() < endMs);
    this.#isScheduled = false;
    this.#schedule();
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
