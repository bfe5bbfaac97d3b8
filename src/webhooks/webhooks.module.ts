import { Module } from '@nestjs/common';
import { Journal } from '../store/journal.js';
import { AdminWebhooksController } from './management/admin-webhooks.controller.js';
import { DeliveriesController } from './delivery/deliveries.controller.js';
import { DeliveriesService } from './delivery/deliveries.service.js';
import { DeliveryArchive } from './delivery/stored-deliveries.js';
import { DeliveryBacklog } from './delivery/delivery-backlog.js';
import { DeliveryCaller } from './transport/webhook-sender.js';
import { DeliveryLedger } from './delivery/delivery-recorder.js';
import { DeliverySchedule } from './delivery/retry-schedule.js';
import { DeliveryTimes } from './transport/call-times.js';
import { DeliveryWorkers } from './delivery/webhook-dispatchers.js';
import { EventFanOut } from './fan-out/event-fan-out.js';
import { HostResolver, SystemHostResolver } from './transport/host-resolver.js';
import { WebhookAdministration } from './management/webhook-administration.js';
import { WebhookEngine } from './webhooks-lifecycle.js';
import { WebhookRegistry } from './subscriptions/webhook-registry.js';
import { WebhookSender } from './transport/receiver-connections.js';
import { WebhookSuspensions } from './management/webhook-suspensions.js';
import { WebhookTester } from './management/webhook-tester.js';
import { WebhooksController } from './management/webhooks.controller.js';
import { WebhooksService } from './management/webhooks.service.js';

/** Webhooks: who is to be told of which events, and the telling. */
@Module({
  controllers: [WebhooksController, DeliveriesController, AdminWebhooksController],
  providers: [
    { provide: HostResolver, useClass: SystemHostResolver },
    {
      provide: WebhookRegistry,
      inject: [Journal],
      useFactory: (journal: Journal) => WebhookRegistry.open(journal),
    },
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
