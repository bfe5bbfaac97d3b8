import type { Clock } from '../../clock/clock.js';

/** Steps between two looks at the clock. None takes longer than some microseconds. */
const STEPS_PER_LOOK = 16;

/** Divides long work into slices, so that everything that has come in meanwhile is served between them. */
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

  /** The work begins, or goes on after it has waited for something else. */
  begin(): void {
    this.#beganMs = this.#clock.monotonicMs();
  }

  /** Counts a step of the work. Returns whether the slice is over, so that you must `yield`. */
  step(): boolean {
    this.#steps += 1;
    if (this.#steps % STEPS_PER_LOOK !== 0) return false;
    return this.#clock.monotonicMs() - this.#beganMs >= this.#sliceMs;
  }

  /** Lets everything go first that waits at this moment. */
  async yield(): Promise<void> {
    await new Promise<void>((resolve) => this.#clock.afterBacklog(resolve));
    this.begin();
  }
}
