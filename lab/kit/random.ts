/** A seeded random number generator: the same seed gives the same numbers. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = (seed ^ 0x5bf03635) >>> 0;
    // Seeds that are close together would begin with similar numbers.
    for (let step = 0; step < 3; step += 1) this.#state = this.#word();
  }

  /** From 0 (inclusive) to 1 (exclusive). */
  next(): number {
    return this.#word() / 2 ** 32;
  }

  /** An integer from 0 (inclusive) to `limit` (exclusive). */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  /** An integer from `min` to `max`, both inclusive. */
  whole(min: number, max: number): number {
    return min + this.below(max - min + 1);
  }

  /** A number from `min` (inclusive) to `max` (exclusive), rarely an integer. */
  between(min: number, max: number): number {
    return min + this.next() * (max - min);
  }

  /** A duration in quarters of a millisecond: instants are whole milliseconds, so times in between must be covered. */
  span(minMs: number, maxMs: number): number {
    return this.whole(minMs * 4, maxMs * 4) / 4;
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** One of `choices`, which must not be empty. */
  pick<T>(choices: readonly T[]): T {
    const choice = choices[this.below(choices.length)];
    if (choice === undefined) throw new Error('nothing to pick from');
    return choice;
  }

  /** An independent generator for one part, so that a change in one part does not change the numbers of the others. */
  split(): Random {
    return new Random(this.#word());
  }

  #word(): number {
    this.#state = (this.#state + 0x9e3779b9) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  }
}
