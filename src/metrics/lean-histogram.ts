import { Histogram, type MetricObjectWithValues, type MetricValueWithName, type Registry } from 'prom-client';

interface Times {
  /** The number of requests in each bucket. The last one counts those above all buckets. */
  readonly counts: number[];
  sum: number;
}

type Value = MetricValueWithName<string>;

interface Description {
  readonly name: string;
  readonly help: string;
  /** The name of the label. */
  readonly label: string;
  /** In seconds, in ascending order. */
  readonly buckets: readonly number[];
}

/**
 * A histogram of durations that is cheap enough for every request. It does its own counting, and converts the counts only at
 * a scrape. The library looks up labels each time, which would cost more than everything else here.
 */
export class LeanHistogram extends Histogram {
  readonly #name: string;
  readonly #label: string;
  /** The library's histogram, used for everything but the values. */
  readonly #description: Histogram;
  readonly #buckets: readonly number[];
  readonly #times = new Map<string, Times>();

  constructor({ name, help, label, buckets }: Description, registry: Registry) {
    const description = { name, help, labelNames: [label], buckets: [...buckets] };
    super({ ...description, registers: [registry] });
    this.#description = new Histogram({ ...description, registers: [] });
    this.#name = name;
    this.#label = label;
    this.#buckets = buckets;
  }

  add(label: string, seconds: number): void {
    const times = this.#timesOf(label);
    let bucket = 0;
    while (bucket < this.#buckets.length && seconds > (this.#buckets[bucket] ?? 0)) bucket += 1;
    times.counts[bucket] = (times.counts[bucket] ?? 0) + 1;
    times.sum += seconds;
  }

  /** The library makes the text for Prometheus from this method, which is missing from its types. */
  getForPromString(): Promise<MetricObjectWithValues<Value>> {
    return this.get();
  }

  override async get(): Promise<MetricObjectWithValues<Value>> {
    const values = [...this.#times].flatMap(([label, times]) => this.#valuesOf(label, times));
    return { ...(await this.#description.get()), values };
  }

  #timesOf(label: string): Times {
    let times = this.#times.get(label);
    if (times === undefined) {
      times = { counts: Array.from({ length: this.#buckets.length + 1 }, () => 0), sum: 0 };
      this.#times.set(label, times);
    }
    return times;
  }

  #valuesOf(value: string, { counts, sum }: Times): Value[] {
    const labels = { [this.#label]: value };
    let total = 0;
    const buckets = [...this.#buckets, '+Inf'].map((le, index) => {
      total += counts[index] ?? 0;
      return { metricName: `${this.#name}_bucket`, labels: { le, ...labels }, value: total };
    });
    return [
      ...buckets,
      { metricName: `${this.#name}_sum`, labels, value: sum },
      { metricName: `${this.#name}_count`, labels, value: total },
    ];
  }
}
