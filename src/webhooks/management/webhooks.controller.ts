import { Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Authenticated } from '../../auth/authenticated.decorator.js';
import { CurrentCaller, type Caller } from '../../auth/caller.js';
import { ApiErrors } from '../../http/answer/api-errors.decorator.js';
import { ValidBody } from '../../http/input/valid-input.decorators.js';
import { ApiWebhookId, WebhookIdPipe } from '../subscriptions/webhook-id.js';
import { WebhookTestResponse } from './dto/webhook-test.dto.js';
import { CreateWebhookRequest, WebhookResponse } from './dto/webhook.dto.js';
import { WebhookTester } from './webhook-tester.js';
import { WebhooksService } from './webhooks.service.js';

@ApiTags('Webhooks')
@Authenticated()
@Controller('webhooks')
export class WebhooksController {
  constructor(
    private readonly webhooks: WebhooksService,
    private readonly tester: WebhookTester,
  ) {}

  /**
   * Create a webhook
   *
   * @remarks The server sends a POST request to the URL for each matching lock event from now on. It delivers each event at
   * least once, so an event may arrive twice, with the same `webhook-id` header. Events arrive in order unless `ordering` is
   * `none`. If the receiver does not answer with 2xx within 15 seconds, the server retries for about 28 hours, and then the
   * delivery is dead. If there is a secret, `X-OctoStore-Signature` is `sha256=` followed by the hex HMAC-SHA256 of the body,
   * and `webhook-signature` follows Standard Webhooks.
   */
  @Post()
  @ApiCreatedResponse({ type: WebhookResponse, description: 'Webhook created' })
  @ApiErrors('webhook_url_invalid', 'webhook_limit_exceeded', 'malformed_json', 'body_too_large')
  @ApiErrors('validation_failed', 'overloaded', 'shutting_down', 'storage_low', 'store_unavailable')
  createWebhook(
    @ValidBody() body: CreateWebhookRequest,
    @CurrentCaller() caller: Caller,
  ): Promise<WebhookResponse> {
    return this.webhooks.create(body, caller);
  }

  /**
   * List your webhooks
   *
   * @remarks Oldest first. Secrets are redacted.
   */
  @Get()
  @ApiOkResponse({ type: [WebhookResponse], description: 'List of webhooks' })
  @ApiErrors('overloaded', 'store_unavailable')
  listWebhooks(@CurrentCaller() caller: Caller): Promise<WebhookResponse[]> {
    return this.webhooks.list(caller);
  }

  /**
   * Delete a webhook
   *
   * @remarks Its pending deliveries are deleted. An event that is being sent may still arrive.
   */
  @Delete(':id')
  @HttpCode(204)
  @ApiWebhookId()
  @ApiNoContentResponse({ description: 'Webhook deleted' })
  @ApiErrors('webhook_not_found', 'overloaded', 'store_unavailable')
  deleteWebhook(@Param('id', WebhookIdPipe) id: string, @CurrentCaller() caller: Caller): Promise<void> {
    return this.webhooks.remove(id, caller);
  }

  /**
   * Send an example event
   *
   * @remarks Calls the receiver once, with a signed event whose `event` is `test`, and answers with the outcome. The event
   * belongs to no lock, is not listed among the deliveries, and is never retried.
   */
  @Post(':id/test')
  @HttpCode(200)
  @ApiWebhookId()
  @ApiOkResponse({
    type: WebhookTestResponse,
    description: 'The outcome, even if the receiver refused the event',
  })
  @ApiErrors('webhook_not_found', 'webhook_disabled', 'webhook_suspended', 'rate_limited')
  @ApiErrors('overloaded', 'shutting_down', 'store_unavailable')
  testWebhook(
    @Param('id', WebhookIdPipe) id: string,
    @CurrentCaller() caller: Caller,
  ): Promise<WebhookTestResponse> {
    return this.tester.test(id, caller);
  }
}
