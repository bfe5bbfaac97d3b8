/** Times at a constant rate. Each request is due at its own time, whatever happened to earlier ones. */
export class Schedule {
  readonly #startMs: number;
  readonly #perMs: number;
  #taken = 0;

  /** @param perSecond Greater than 0. */
  constructor(perSecond: number, startMs: number) {
    this.#startMs = startMs;
    this.#perMs = perSecond / 1000;
  }

  /** The times up to now that were not taken before, in order. */
  *take(nowMs: number): Generator<number> {
    for (let due = this.nextMs; due <= nowMs; due = this.nextMs) {
      this.#taken += 1;
      yield due;
    }
  }

  /** When the next request is due. */
  get nextMs(): number {
    return this.#startMs + this.#taken / this.#perMs;
  }
}
