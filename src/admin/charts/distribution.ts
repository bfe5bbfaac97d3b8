/** How many durations were at most as long as each bound. */
export class Distribution {
  /** By upper bounds in seconds, in ascending order. The last one is infinite. */
  readonly #cumulative: ReadonlyMap<number, number>;

  constructor(cumulative: ReadonlyMap<number, number> = new Map()) {
    this.#cumulative = cumulative;
  }

  /** What was added since an earlier one. */
  since(earlier: Distribution): Distribution {
    const added = Array.from(
      this.#cumulative,
      ([bound, count]) => [bound, count - (earlier.#cumulative.get(bound) ?? 0)] as const,
    );
    return new Distribution(new Map(added));
  }

  /**
   * An estimate of a quantile in milliseconds, as Prometheus makes it: durations are taken to be spread evenly within their bucket. Those
   * above the last finite bound count as that bound. Null if there are none.
   */
  quantileMs(quantile: number): number | null {
    const total = Math.max(0, ...this.#cumulative.values());
    if (total === 0) return null;
    const wanted = quantile * total;
    let below = { bound: 0, count: 0 };
    for (const [bound, count] of this.#cumulative) {
      if (count >= wanted && count > below.count) {
        if (bound === Infinity) break;
        const share = (wanted - below.count) / (count - below.count);
        return 1000 * (below.bound + share * (bound - below.bound));
      }
      if (bound !== Infinity) below = { bound, count };
    }
    return 1000 * below.bound;
  }
}
