import { Injectable } from '@nestjs/common';
import { Watches } from '../events/watches.js';
import { DeliveryBacklog } from '../webhooks/delivery-backlog.js';
import { MetricsRegistry } from './metrics-registry.js';
import { gauge } from './store-metrics.js';

/** What the features hold. */
@Injectable()
export class FeatureMetrics {
  constructor(registry: MetricsRegistry, watches: Watches, backlog: DeliveryBacklog) {
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
  }
}
