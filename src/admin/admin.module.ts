import { Module } from '@nestjs/common';
import { EventsModule } from '../events/events.module.js';
import { HealthModule } from '../health/health.module.js';
import { MetricsModule } from '../metrics/metrics.module.js';
import { WebhooksModule } from '../webhooks/webhooks.module.js';
import { AuditController } from './audit/audit.controller.js';
import { AuditHeadsJob } from './audit/audit-heads.job.js';
import { AuditRetentionJob } from './audit/audit-retention.job.js';
import { AdminController } from './admin.controller.js';
import { AdminStatus } from './admin-status.js';

@Module({
  imports: [EventsModule, HealthModule, MetricsModule, WebhooksModule],
  controllers: [AdminController, AuditController],
  providers: [AdminStatus, AuditHeadsJob, AuditRetentionJob],
})
export class AdminModule {}
