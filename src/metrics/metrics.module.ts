import { Module } from '@nestjs/common';
import { EventsModule } from '../events/events.module.js';
import { WebhooksModule } from '../webhooks/webhooks.module.js';
import { BackupMetrics } from './backup-metrics.js';
import { FeatureMetrics } from './feature-metrics.js';
import { HttpMetrics } from './http-metrics.js';
import { MetricsRegistry } from './metrics-registry.js';
import { StoreMetrics } from './store-metrics.js';

@Module({
  imports: [EventsModule, WebhooksModule],
  providers: [MetricsRegistry, HttpMetrics, StoreMetrics, BackupMetrics, FeatureMetrics],
  exports: [MetricsRegistry, HttpMetrics],
})
export class MetricsModule {}
