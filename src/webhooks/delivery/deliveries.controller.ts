import { Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiParam, ApiTags } from '@nestjs/swagger';
import { Authenticated } from '../../auth/authenticated.decorator.js';
import { CurrentCaller, type Caller } from '../../auth/caller.js';
import { ApiErrors } from '../../http/answer/api-errors.decorator.js';
import { UuidPipe } from '../../http/input/uuid.pipe.js';
import { ValidQuery } from '../../http/input/valid-input.decorators.js';
import { ApiWebhookId, WebhookIdPipe } from '../subscriptions/webhook-id.js';
import { DeliveriesService } from './deliveries.service.js';
import { DeliveriesResponse, DeliveryResponse, ListDeliveriesQuery } from './delivery.dto.js';

const DeliveryIdPipe = new UuidPipe('delivery_not_found');

@ApiTags('Webhooks')
@Authenticated()
@Controller('webhooks/:id/deliveries')
export class DeliveriesController {
  constructor(private readonly deliveries: DeliveriesService) {}

  /**
   * List a webhook's deliveries
   *
   * @remarks Newest event first, with the outcome of each attempt. The list has all pending deliveries, and the most recent
   * 200 delivered ones and 1,000 dead ones.
   */
  @Get()
  @ApiWebhookId()
  @ApiOkResponse({ type: DeliveriesResponse, description: 'A page of deliveries' })
  @ApiErrors('webhook_not_found', 'validation_failed', 'overloaded', 'store_unavailable')
  listDeliveries(
    @Param('id', WebhookIdPipe) id: string,
    @ValidQuery() query: ListDeliveriesQuery,
    @CurrentCaller() caller: Caller,
  ): Promise<DeliveriesResponse> {
    return this.deliveries.list(id, query, caller);
  }

  /**
   * Repeat a delivery
   *
   * @remarks Sends the same event again, with the same `webhook-id` and the full schedule of retries. It does not hold up
   * other deliveries. If the delivery is waiting for its next attempt, it is tried at once instead.
   */
  @Post(':delivery_id/redeliver')
  @HttpCode(202)
  @ApiWebhookId()
  @ApiParam({ name: 'delivery_id', description: 'Delivery id', schema: { type: 'string', format: 'uuid' } })
  @ApiAcceptedResponse({ type: DeliveryResponse, description: 'The delivery is queued' })
  @ApiErrors('webhook_not_found', 'delivery_not_found', 'webhook_disabled', 'webhook_suspended')
  @ApiErrors('overloaded', 'store_unavailable')
  redeliver(
    @Param('id', WebhookIdPipe) id: string,
    @Param('delivery_id', DeliveryIdPipe) deliveryId: string,
    @CurrentCaller() caller: Caller,
  ): Promise<DeliveryResponse> {
    return this.deliveries.redeliver(id, deliveryId, caller);
  }

  /**
   * Skip a delivery
   *
   * @remarks Makes a pending delivery `dead`, so that it no longer holds up later ones. If a call is under way for it, the
   * later ones wait until that call ends, and the receiver may still accept the event. You can redeliver a skipped delivery.
   */
  @Post(':delivery_id/skip')
  @HttpCode(200)
  @ApiWebhookId()
  @ApiParam({ name: 'delivery_id', description: 'Delivery id', schema: { type: 'string', format: 'uuid' } })
  @ApiOkResponse({ type: DeliveryResponse, description: 'The delivery is dead' })
  @ApiErrors('webhook_not_found', 'delivery_not_found', 'delivery_not_pending')
  @ApiErrors('webhook_disabled', 'webhook_suspended', 'overloaded', 'store_unavailable')
  skip(
    @Param('id', WebhookIdPipe) id: string,
    @Param('delivery_id', DeliveryIdPipe) deliveryId: string,
    @CurrentCaller() caller: Caller,
  ): Promise<DeliveryResponse> {
    return this.deliveries.skip(id, deliveryId, caller);
  }
}
