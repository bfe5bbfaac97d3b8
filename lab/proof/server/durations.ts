/** A collection of durations in milliseconds, and its statistics. */
export class Durations {
  readonly #values: number[] = [];
  #isSorted = true;

  add(milliseconds: number): void {
    this.#values.push(milliseconds);
    this.#isSorted = false;
  }

  get count(): number {
    return this.#values.length;
  }

  get min(): number {
    return this.quantile(0);
  }

  get max(): number {
    return this.quantile(1);
  }

  /** The smallest duration that a share `q` (0..1) of all do not exceed. 0 if there are none. */
  quantile(q: number): number {
    if (!this.#isSorted) this.#values.sort((a, b) => a - b);
    this.#isSorted = true;
    return this.#values[Math.max(0, Math.ceil(q * this.#values.length) - 1)] ?? 0;
  }

  /** The statistics as a line of text. */
  toString(): string {
    const [p50, p99] = [this.quantile(0.5), this.quantile(0.99)];
    return `p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, max ${this.max.toFixed(1)} ms`;
  }
}
