import { Histogram, type MetricObjectWithValues, type MetricValueWithName, type Registry } from 'prom-client';

interface Times {
  /** Requests by the first bucket that they fit in; the last one is for those that fit in none. */
  readonly counts: number[];
  sum: number;
}

type Value = MetricValueWithName<'route' | 'le'>;

/**
 * The histogram of request times. It counts by itself and is asked at a scrape only: to look up the labels for each request,
 * as the library does, would cost more than the rest of the accounting.
 */
export class RequestTimes extends Histogram<'route' | 'le'> {
  readonly #name: string;
  /** Says everything of the metric but its values. */
  readonly #description: Histogram;
  readonly #buckets: readonly number[];
  readonly #routes = new Map<string, Times>();

  /** @param buckets in seconds, in ascending order. */
  constructor(name: string, help: string, buckets: readonly number[], registry: Registry) {
    const description = { name, help, labelNames: ['route' as const], buckets: [...buckets] };
    super({ ...description, registers: [registry] });
    this.#description = new Histogram({ ...description, registers: [] });
    this.#name = name;
    this.#buckets = buckets;
  }

  add(route: string, seconds: number): void {
    const times = this.#timesOf(route);
    let bucket = 0;
    while (bucket < this.#buckets.length && seconds > (this.#buckets[bucket] ?? 0)) bucket += 1;
    times.counts[bucket] = (times.counts[bucket] ?? 0) + 1;
    times.sum += seconds;
  }

  /** The text that Prometheus reads is made of this one, which the library's types leave out. */
  getForPromString(): Promise<MetricObjectWithValues<Value>> {
    return this.get();
  }

  override async get(): Promise<MetricObjectWithValues<Value>> {
    const values = [...this.#routes].flatMap(([route, times]) => this.#valuesOf(route, times));
    return { ...(await this.#description.get()), values };
  }

  #timesOf(route: string): Times {
    let times = this.#routes.get(route);
    if (times === undefined) {
      times = { counts: Array.from({ length: this.#buckets.length + 1 }, () => 0), sum: 0 };
      this.#routes.set(route, times);
    }
    return times;
  }

  #valuesOf(route: string, { counts, sum }: Times): Value[] {
    let total = 0;
    const buckets = [...this.#buckets, '+Inf'].map((le, index) => {
      total += counts[index] ?? 0;
      return { metricName: `${this.#name}_bucket`, labels: { le, route }, value: total };
    });
    return [
      ...buckets,
      { metricName: `${this.#name}_sum`, labels: { route }, value: sum },
      { metricName: `${this.#name}_count`, labels: { route }, value: total },
    ];
  }
}
