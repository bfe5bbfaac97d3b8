import {
  build,
  decodeFromCompressedBase64,
  encodeIntoCompressedBase64,
  type Histogram,
} from 'hdr-histogram-js';

/** In microseconds. Longer latencies count as this long. */
const LONGEST_US = 600_000_000;

/** Statistics of many durations, in milliseconds. */
export interface LatencySummary {
  readonly count: number;
  readonly mean: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

/** A point of the distribution: a share `q` (0 to 1) of all took at most `ms`. */
export interface QuantilePoint {
  readonly q: number;
  readonly ms: number;
}

/** Many durations, with three significant digits, in a small and constant amount of memory. */
export class Latencies {
  readonly #histogram: Histogram;

  constructor(
    histogram: Histogram = build({ highestTrackableValue: LONGEST_US, numberOfSignificantValueDigits: 3 }),
  ) {
    this.#histogram = histogram;
  }

  static decode(encoded: string): Latencies {
    return new Latencies(decodeFromCompressedBase64(encoded));
  }

  /** Adds several together. */
  static merge(parts: Iterable<Latencies>): Latencies {
    const whole = new Latencies();
    for (const part of parts) whole.#histogram.add(part.#histogram);
    return whole;
  }

  encode(): string {
    return encodeIntoCompressedBase64(this.#histogram);
  }

  /** @param ms Less than 1 microsecond counts as 1 microsecond. */
  add(ms: number): void {
    this.#histogram.recordValue(Math.min(LONGEST_US, Math.max(1, Math.round(ms * 1000))));
  }

  reset(): void {
    this.#histogram.reset();
  }

  get count(): number {
    return this.#histogram.totalCount;
  }

  /** The duration in milliseconds that a share `q` (0 to 1) of all do not exceed. 0 if there are none. */
  quantile(q: number): number {
    return this.count === 0 ? 0 : this.#histogram.getValueAtPercentile(q * 100) / 1000;
  }

  get summary(): LatencySummary {
    return {
      count: this.count,
      mean: this.count === 0 ? 0 : this.#histogram.mean / 1000,
      p50: this.quantile(0.5),
      p90: this.quantile(0.9),
      p99: this.quantile(0.99),
      p999: this.quantile(0.999),
      max: this.count === 0 ? 0 : this.#histogram.maxValue / 1000,
    };
  }

  /** The distribution from the fastest to the slowest. It is denser towards the tail, with ten points for each further nine. */
  get curve(): QuantilePoint[] {
    const points: QuantilePoint[] = [];
    for (let step = 0; 10 ** (step / 10) <= Math.max(1, this.count); step += 1) {
      const q = 1 - 10 ** (-step / 10);
      points.push({ q, ms: this.quantile(q) });
    }
    return points;
  }
}
