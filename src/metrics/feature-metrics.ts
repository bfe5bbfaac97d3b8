import { Injectable } from '@nestjs/common';
import { Histogram } from 'prom-client';
import { Watches } from '../events/watches.js';
import { DeliveryBacklog } from '../webhooks/delivery-backlog.js';
import { DeliveryTimes } from '../webhooks/delivery-times.js';
import { MetricsRegistry } from './metrics-registry.js';
import { gauge } from './store-metrics.js';

/** In seconds, up to the time that a receiver has. */
const CALL_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15];

/** What the features hold. */
@Injectable()
export class FeatureMetrics {
  constructor(registry: MetricsRegistry, watches: Watches, backlog: DeliveryBacklog, times: DeliveryTimes) {
    const registers = [registry];
    gauge('octostore_watchers', 'Open event streams', registers, () => watches.count);
    gauge('octostore_webhooks', 'Webhooks of all users', registers, () => backlog.count().webhooks);
    gauge(
      'octostore_webhook_deliveries_pending',
      'Webhook deliveries that wait to be made',
      registers,
      () => backlog.count().pending,
    );
    gauge(
      'octostore_webhook_deliveries_dead',
      'Webhook deliveries that were given up',
      registers,
      () => backlog.count().dead,
    );
    const duration = new Histogram({
      name: 'octostore_webhook_delivery_duration_seconds',
      help: 'Time that a call to a webhook receiver took, by what came of it: delivered, or why it failed',
      labelNames: ['outcome'],
      buckets: CALL_BUCKETS,
      registers,
    });
    times.onCall((outcome, durationMs) => duration.observe({ outcome }, durationMs / 1000));
  }
}
