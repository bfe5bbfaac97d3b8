import { Module } from '@nestjs/common';
import { DeliveriesController } from './delivery/deliveries.controller.js';
import { DeliveriesService } from './delivery/deliveries.service.js';
import { DeliveryBacklog } from './delivery/delivery-backlog.js';
import { DeliveryRecorder } from './delivery/delivery-recorder.js';
import { RetrySchedule } from './delivery/retry-schedule.js';
import { StoredDeliveries } from './delivery/stored-deliveries.js';
import { WebhookDispatchers } from './delivery/webhook-dispatchers.js';
import { EventFanOut } from './fan-out/event-fan-out.js';
import { AdminWebhooksController } from './management/admin-webhooks.controller.js';
import { DeletedOwners } from './management/deleted-owners.js';
import { WebhookAdministration } from './management/webhook-administration.js';
import { WebhookSuspensions } from './management/webhook-suspensions.js';
import { WebhookTester } from './management/webhook-tester.js';
import { WebhooksController } from './management/webhooks.controller.js';
import { WebhooksService } from './management/webhooks.service.js';
import { CallTimes } from './transport/call-times.js';
import { HostResolver, SystemHostResolver } from './transport/host-resolver.js';
import { WebhookSender } from './transport/webhook-sender.js';
import { WebhooksLifecycle } from './webhooks-lifecycle.js';

/** Webhooks: which events go to which URLs, and their deliveries. */
@Module({
  controllers: [WebhooksController, DeliveriesController, AdminWebhooksController],
  providers: [
    { provide: HostResolver, useClass: SystemHostResolver },
    CallTimes,
    WebhookSender,
    RetrySchedule,
    DeliveryRecorder,
    StoredDeliveries,
    WebhookDispatchers,
    EventFanOut,
    WebhookSuspensions,
    WebhooksLifecycle,
    DeliveryBacklog,
    WebhooksService,
    DeliveriesService,
    WebhookTester,
    WebhookAdministration,
    DeletedOwners,
  ],
  exports: [DeliveryBacklog, CallTimes],
})
export class WebhooksModule {}
