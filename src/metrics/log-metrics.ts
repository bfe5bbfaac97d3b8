import { Injectable } from '@nestjs/common';
import { Counter } from 'prom-client';
import { standardOutput } from '../logging/output/standard-output.js';
import { MetricsRegistry } from './metrics-registry.js';

/** Metrics of the log. */
@Injectable()
export class LogMetrics {
  constructor(registry: MetricsRegistry) {
    const counter = new Counter({
      name: 'octostore_log_lines_dropped_total',
      help: 'Log lines that could not be written, because no one read them in time or the disk was full',
      registers: [],
      collect() {
        this.reset();
        this.inc(standardOutput.dropped);
      },
    });
    registry.registerMetric(counter);
  }
}
