import type { Clock } from '../../clock/clock.js';

/** Divides long work into turns, so that what has come in meanwhile is served between them. */
export class Turns {
  readonly #clock: Clock;
  readonly #turnMs: number;
  #beganMs = 0;

  /** @param turnMs Milliseconds that a turn may take. */
  constructor(clock: Clock, turnMs: number) {
    this.#clock = clock;
    this.#turnMs = turnMs;
  }

  /** The work begins, or goes on after it has waited for something else. */
  begin(): void {
    this.#beganMs = this.#clock.monotonicMs();
  }

  get isOver(): boolean {
    return this.#clock.monotonicMs() - this.#beganMs >= this.#turnMs;
  }

  /** Lets everything that waits at this moment go first. */
  async yield(): Promise<void> {
    await new Promise<void>((resolve) => this.#clock.afterBacklog(resolve));
    this.begin();
  }
}
