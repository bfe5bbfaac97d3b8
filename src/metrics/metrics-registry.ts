import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Registry } from 'prom-client';

/** All metrics of one application. The library's own registry is global, so two applications in one process would share it. */
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

/** Created once and shared, because these metrics observe the process until it exits and cannot be stopped. */
function processMetrics(): Registry {
  if (ofProcess !== null) return ofProcess;
  ofProcess = new Registry();
  collectDefaultMetrics({ register: ofProcess });
  return ofProcess;
}
