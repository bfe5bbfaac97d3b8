import { Module } from '@nestjs/common';
import { EventsModule } from '../events/events.module.js';
import { HealthModule } from '../health/health.module.js';
import { MetricsModule } from '../metrics/metrics.module.js';
import { WebhooksModule } from '../webhooks/webhooks.module.js';
import { AuditController } from './audit/audit.controller.js';
import { AuditHeadsJob } from './audit/audit-heads.job.js';
import { AuditRetentionJob } from './audit/audit-retention.job.js';
import { Charts } from './charts/charts.js';
import { ChartsController } from './charts/charts.controller.js';
import { AdminController } from './admin.controller.js';
import { Replicas } from './replicas.js';
import { AdminStatus } from './admin-status.js';

@Module({
  imports: [EventsModule, HealthModule, MetricsModule, WebhooksModule],
  controllers: [AdminController, ChartsController, AuditController],
  providers: [AdminStatus, Replicas, Charts, AuditHeadsJob, AuditRetentionJob],
})
export class AdminModule {}
