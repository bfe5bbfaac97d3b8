import { Gauge } from 'prom-client';
import type { MetricsRegistry } from './metrics-registry.js';

/** A gauge that reads its value at each scrape. */
export function gauge(name: string, help: string, registers: MetricsRegistry[], value: () => number): Gauge {
  return new Gauge({
    name,
    help,
    registers,
    collect() {
      this.set(value());
    },
  });
}
