import { Module } from '@nestjs/common';
import { AdminWebhooksController } from './admin-webhooks.controller.js';
import { DeliveriesController } from './deliveries.controller.js';
import { DeliveriesService } from './deliveries.service.js';
import { DeliveryArchive } from './delivery-archive.js';
import { DeliveryBacklog } from './delivery-backlog.js';
import { DeliveryCaller } from './delivery-caller.js';
import { DeliveryLedger } from './delivery-ledger.js';
import { DeliverySchedule } from './delivery-schedule.js';
import { DeliveryTimes } from './delivery-times.js';
import { DeliveryWorkers } from './delivery-workers.js';
import { EventFanOut } from './event-fan-out.js';
import { HostResolver, SystemHostResolver } from './host-resolver.js';
import { WebhookAdministration } from './webhook-administration.js';
import { WebhookEngine } from './webhook-engine.js';
import { WebhookSender } from './webhook-sender.js';
import { WebhookSuspensions } from './webhook-suspensions.js';
import { WebhookTester } from './webhook-tester.js';
import { WebhooksController } from './webhooks.controller.js';
import { WebhooksService } from './webhooks.service.js';

/** Webhooks: who is to be told of which events, and the telling. */
@Module({
  controllers: [WebhooksController, DeliveriesController, AdminWebhooksController],
  providers: [
    { provide: HostResolver, useClass: SystemHostResolver },
    WebhookSender,
    DeliverySchedule,
    DeliveryTimes,
    DeliveryCaller,
    DeliveryLedger,
    DeliveryArchive,
    DeliveryWorkers,
    EventFanOut,
    WebhookSuspensions,
    WebhookEngine,
    DeliveryBacklog,
    WebhooksService,
    DeliveriesService,
    WebhookTester,
    WebhookAdministration,
  ],
  exports: [DeliveryBacklog, DeliveryTimes],
})
export class WebhooksModule {}
