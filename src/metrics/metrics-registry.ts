import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Registry } from 'prom-client';

/** All metrics of one application. Prometheus's own registry is global, which two applications in one process would share. */
@Injectable()
export class MetricsRegistry extends Registry {
  constructor() {
    super();
    const process = processMetrics();
    for (const { name } of process.getMetricsAsArray()) {
      const metric = process.getSingleMetric(name);
      if (metric !== undefined) this.registerMetric(metric);
    }
  }
}

let ofProcess: Registry | null = null;

/** Made once, and shared: they observe the process for as long as it lives, which nothing can end. */
function processMetrics(): Registry {
  if (ofProcess !== null) return ofProcess;
  ofProcess = new Registry();
  collectDefaultMetrics({ register: ofProcess });
  return ofProcess;
}
