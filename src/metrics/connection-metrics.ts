import { Injectable } from '@nestjs/common';
import { Counter } from 'prom-client';
import type { Connections } from '../http/connections/connections.js';
import { MetricsRegistry } from './metrics-registry.js';
import { gauge } from './store-metrics.js';

/** What the connections of clients do. They are there before the application is, so they are told of, and not injected. */
@Injectable()
export class ConnectionMetrics {
  constructor(private readonly registry: MetricsRegistry) {}

  follow(connections: Connections): void {
    const registers = [this.registry];
    gauge('octostore_connections', 'Open client connections', registers, () => connections.count);
    gauge(
      'octostore_pipelined_requests',
      'Requests that wait behind others of the same connection',
      registers,
      () => connections.held,
    );
    const { cut } = connections;
    const ended = new Counter({
      name: 'octostore_connections_cut_total',
      help: 'Connections ended to keep the others going: over the limit, idle while it was crowded, or unread answers',
      labelNames: ['reason'],
      registers: [],
      collect() {
        this.reset();
        for (const [reason, count] of Object.entries(cut)) this.inc({ reason }, count);
      },
    });
    this.registry.registerMetric(ended);
  }
}
