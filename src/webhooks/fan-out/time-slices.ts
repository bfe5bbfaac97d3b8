import type { Clock } from '../../clock/clock.js';

/** Steps between two reads of the clock. A step takes a few microseconds at most. */
const STEPS_PER_LOOK = 16;

/** Divides long work into slices, so that other requests are served between them. */
export class TimeSlices {
  readonly #clock: Clock;
  readonly #sliceMs: number;
  #beganMs = 0;
  #steps = 0;

  /** @param sliceMs Milliseconds that a slice may take. */
  constructor(clock: Clock, sliceMs: number) {
    this.#clock = clock;
    this.#sliceMs = sliceMs;
  }

  /** Starts a slice, when the work begins or continues after a wait. */
  begin(): void {
    this.#beganMs = this.#clock.monotonicMs();
  }

  /** Counts a step of the work. Returns whether the slice is over, so that you must `yield`. */
  step(): boolean {
    this.#steps += 1;
    if (this.#steps % STEPS_PER_LOOK !== 0) return false;
    return this.#clock.monotonicMs() - this.#beganMs >= this.#sliceMs;
  }

  /** Lets everything run first that is waiting now. */
  async yield(): Promise<void> {
    await new Promise<void>((resolve) => this.#clock.afterBacklog(resolve));
    this.begin();
  }
}
