import { Module } from '@nestjs/common';
import { EventsModule } from '../events/events.module.js';
import { WebhooksModule } from '../webhooks/webhooks.module.js';
import { HistoryModule } from '../history/history.module.js';
import { AuditMetrics } from './audit-metrics.js';
import { ConnectionMetrics } from './connection-metrics.js';
import { BackupMetrics } from './backup-metrics.js';
import { DurationMetrics } from './duration-metrics.js';
import { FeatureMetrics } from './feature-metrics.js';
import { InstallationMetrics } from './installation-metrics.js';
import { HttpMetrics } from './http-metrics.js';
import { LogMetrics } from './log-metrics.js';
import { MetricsRegistry } from './metrics-registry.js';
import { StoreMetrics } from './store-metrics.js';
import { WarningMetrics } from './warning-metrics.js';

@Module({
  imports: [EventsModule, HistoryModule, WebhooksModule],
  providers: [
    MetricsRegistry,
    HttpMetrics,
    ConnectionMetrics,
    StoreMetrics,
    DurationMetrics,
    BackupMetrics,
    AuditMetrics,
    FeatureMetrics,
    LogMetrics,
    InstallationMetrics,
    WarningMetrics,
  ],
  exports: [MetricsRegistry, HttpMetrics, ConnectionMetrics],
})
export class MetricsModule {}
