import { Module } from '@nestjs/common';
import { EventsModule } from '../events/events.module.js';
import { WebhooksModule } from '../webhooks/webhooks.module.js';
import { ConnectionMetrics } from './connection-metrics.js';
import { FeatureMetrics } from './feature-metrics.js';
import { HttpMetrics } from './http-metrics.js';
import { LogMetrics } from './log-metrics.js';
import { MetricsRegistry } from './metrics-registry.js';
import { StoreMetrics } from './store-metrics.js';

@Module({
  imports: [EventsModule, WebhooksModule],
  providers: [MetricsRegistry, HttpMetrics, ConnectionMetrics, StoreMetrics, FeatureMetrics, LogMetrics],
  exports: [MetricsRegistry, HttpMetrics, ConnectionMetrics],
})
export class MetricsModule {}
