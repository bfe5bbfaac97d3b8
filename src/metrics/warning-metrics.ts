import { Injectable } from '@nestjs/common';
import { Counter } from 'prom-client';
import { PastLeases } from '../history/past-leases.js';
import { MetricsRegistry } from './metrics-registry.js';

/** Counts what may need the attention of an operator. `GET /explain/{name}` tells which lock it is about. */
@Injectable()
export class WarningMetrics {
  constructor(registry: MetricsRegistry, { warnings }: PastLeases) {
    const counter = new Counter({
      name: 'octostore_lock_warnings_total',
      help: 'Warnings about locks: renews_late if less than a fifth of the TTL was left at a renewal, changes_hands_often if a lock began to be granted five times as often as is usual',
      labelNames: ['kind'],
      registers: [],
      collect() {
        this.reset();
        for (const [kind, total] of Object.entries(warnings)) this.inc({ kind }, total);
      },
    });
    registry.registerMetric(counter);
  }
}
