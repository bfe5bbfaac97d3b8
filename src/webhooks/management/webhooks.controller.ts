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
   * @remarks Registers a URL that is called with a POST for each lock event that it asks for, from now on. Deliveries are
   * made at least once, and in order unless `ordering` says otherwise: an event may come twice, with the same `webhook-id`
   * header. What does not answer
   * with 2xx within 15 seconds is tried again over 28 hours, then given up. With a secret, `X-OctoStore-Signature` is
   * `sha256=` and the hex HMAC-SHA256 of the body, and `webhook-signature` is that of Standard Webhooks.
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
   * @remarks Returns all webhooks registered by the authenticated user, oldest first. Secrets are redacted.
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
   * @remarks Deliveries that still wait are dropped. One that is being made may still arrive.
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
   * @remarks Calls the receiver once, with a signed message whose `event` is `test`, and answers with what came of it. It comes
   * from no lock, is not listed among the deliveries and is not tried again.
   */
  @Post(':id/test')
  @HttpCode(200)
  @ApiWebhookId()
  @ApiOkResponse({
    type: WebhookTestResponse,
    description: 'What came of it, also if the receiver refused it',
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
