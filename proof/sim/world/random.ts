/** A stream of numbers that only its seed decides. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = (seed ^ 0x5bf03635) >>> 0;
    // Neighbouring seeds must not begin alike.
    for (let turn = 0; turn < 3; turn += 1) this.#state = this.#next() >>> 0;
  }

  /** A whole number from 0 up to, but not including, `limit`. */
  below(limit: number): number {
    return Math.floor((this.#next() / 2 ** 32) * limit);
  }

  /** A whole number from `min` to `max`, both included. */
  between(min: number, max: number): number {
    return min + this.below(max - min + 1);
  }

  /** A time span in milliseconds, in quarters: instants are whole milliseconds, so what lies between them matters. */
  span(minMs: number, maxMs: number): number {
    return this.between(minMs * 4, maxMs * 4) / 4;
  }

  chance(probability: number): boolean {
    return this.#next() < probability * 2 ** 32;
  }

  pick<T>(list: readonly [T, ...T[]]): T {
    return list[this.below(list.length)] ?? list[0];
  }

  #next(): number {
    this.#state = (this.#state + 0x9e3779b9) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  }
}
