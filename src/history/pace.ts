/** How many grants are needed to know what is usual. */
const INTERVALS_MIN = 16;

/** The weight of the latest interval in each average. */
const LATELY = 1 / 8;
const USUALLY = 1 / 64;

/** It is unusual if the intervals have become this many times shorter, and usual again once they are only that many times shorter. */
const BEGINS_AT = 5;
const ENDS_AT = 2;

/**
 * How often a lock is granted, lately and usually. Two moving averages of the time between grants, so a grant costs a few additions.
 * At the lengths chosen, grants at random times seem unusual once in a million.
 */
export class Pace {
  #lastAt: number | null = null;
  #intervals = 0;
  #latelyMs = 0;
  #usuallyMs = 0;
  #isUnusual = false;

  /** Whether the lock changes hands much more often than is usual. */
  get isUnusual(): boolean {
    return this.#isUnusual;
  }

  /** The average time between grants lately, in milliseconds. */
  get latelyMs(): number {
    return this.#latelyMs;
  }

  /** The same over a longer time. */
  get usuallyMs(): number {
    return this.#usuallyMs;
  }

  /**
   * @param at when the lock was granted, in wall-clock milliseconds.
   * @returns whether this grant has made it unusual.
   */
  add(at: number): boolean {
    const lastAt = this.#lastAt;
    this.#lastAt = at;
    if (lastAt === null) return false;
    // The wall clock may have been set back in between.
    const intervalMs = Math.max(0, at - lastAt);
    this.#intervals += 1;
    this.#latelyMs += (intervalMs - this.#latelyMs) * Math.max(LATELY, 1 / this.#intervals);
    this.#usuallyMs += (intervalMs - this.#usuallyMs) * Math.max(USUALLY, 1 / this.#intervals);
    const wasUnusual = this.#isUnusual;
    const times = wasUnusual ? ENDS_AT : BEGINS_AT;
    this.#isUnusual = this.#intervals >= INTERVALS_MIN && this.#latelyMs * times < this.#usuallyMs;
    return this.#isUnusual && !wasUnusual;
  }
}
