import { Injectable } from '@nestjs/common';
import { Counter } from 'prom-client';
import type { Connections } from '../http/connections/connections.js';
import { MetricsRegistry } from './metrics-registry.js';
import { gauge } from './gauge.js';

/** Metrics of client connections. The connections exist before the application does, so they are passed in, not injected. */
@Injectable()
export class ConnectionMetrics {
  constructor(private readonly registry: MetricsRegistry) {}

  follow(connections: Connections): void {
    const registers = [this.registry];
    gauge('octostore_connections', 'Open client connections', registers, () => connections.count);
    gauge(
      'octostore_pipelined_requests',
      'Requests that are waiting behind others on the same connection',
      registers,
      () => connections.held,
    );
    const { cut } = connections;
    const ended = new Counter({
      name: 'octostore_connections_cut_total',
      help: 'Connections closed to protect the others: dropped over the limit, idle near the limit, or with unread answers',
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
