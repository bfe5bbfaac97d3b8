import { Module } from '@nestjs/common';
import { EventsModule } from '../events/events.module.js';
import { HealthModule } from '../health/health.module.js';
import { MetricsModule } from '../metrics/metrics.module.js';
import { WebhooksModule } from '../webhooks/webhooks.module.js';
import { AdminController } from './admin.controller.js';
import { AdminStatus } from './admin-status.js';

@Module({
  imports: [EventsModule, HealthModule, MetricsModule, WebhooksModule],
  controllers: [AdminController],
  providers: [AdminStatus],
})
export class AdminModule {}
