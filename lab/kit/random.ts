/** Chance that can be repeated: the same seed gives the same numbers. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = (seed ^ 0x5bf03635) >>> 0;
    // Neighbouring seeds must not begin alike.
    for (let turn = 0; turn < 3; turn += 1) this.#state = this.#word();
  }

  /** From 0 to 1, without 1. */
  next(): number {
    return this.#word() / 2 ** 32;
  }

  /** A whole number from 0 to `limit`, without `limit`. */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  /** A whole number from `min` to `max`, both included. */
  whole(min: number, max: number): number {
    return min + this.below(max - min + 1);
  }

  /** A number from `min` up to and without `max`, seldom a whole one. */
  between(min: number, max: number): number {
    return min + this.next() * (max - min);
  }

  /** A time span in milliseconds, in quarters: instants are whole milliseconds, so what lies between them matters. */
  span(minMs: number, maxMs: number): number {
    return this.whole(minMs * 4, maxMs * 4) / 4;
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** One of several; the list must not be empty. */
  pick<T>(choices: readonly T[]): T {
    const choice = choices[this.below(choices.length)];
    if (choice === undefined) throw new Error('nothing to pick from');
    return choice;
  }

  /** Chance of its own for a part, so that what the parts do does not mix. */
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
