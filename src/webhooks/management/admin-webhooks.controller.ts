import { Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { AdminOnly } from '../../auth/admin-only.decorator.js';
import { ApiErrors } from '../../http/answer/api-errors.decorator.js';
import { ValidQuery } from '../../http/input/valid-input.decorators.js';
import { ApiWebhookId, WebhookIdPipe } from '../subscriptions/webhook-id.js';
import {
  AdministeredWebhook,
  AdministeredWebhooks,
  ListAllWebhooksQuery,
} from './dto/webhook-administration.dto.js';
import { WebhookAdministration } from './webhook-administration.js';

@ApiTags('Webhooks')
@AdminOnly()
@Controller('admin/webhooks')
export class AdminWebhooksController {
  constructor(private readonly webhooks: WebhookAdministration) {}

  /**
   * List the webhooks of all users
   *
   * @remarks Oldest first, those included that are suspended because their owner has no valid token. Secrets are redacted.
   */
  @Get()
  @ApiOkResponse({ type: AdministeredWebhooks, description: 'A page of webhooks' })
  @ApiErrors('validation_failed', 'overloaded', 'store_unavailable')
  listAllWebhooks(@ValidQuery() query: ListAllWebhooksQuery): Promise<AdministeredWebhooks> {
    return this.webhooks.list(query);
  }

  /**
   * Suspend a webhook
   *
   * @remarks It is not called until you resume it, whether its owner has a valid token or not. Events of the time in between are
   * never sent to it; deliveries that wait become `dead` with the reason `suspended`.
   */
  @Post(':id/suspend')
  @HttpCode(200)
  @ApiWebhookId()
  @ApiOkResponse({ type: AdministeredWebhook, description: 'The webhook is suspended' })
  @ApiErrors('webhook_not_found', 'webhook_disabled', 'overloaded', 'store_unavailable')
  suspendWebhook(@Param('id', WebhookIdPipe) id: string): Promise<AdministeredWebhook> {
    return this.webhooks.suspend(id);
  }

  /**
   * Resume a webhook
   *
   * @remarks It is told of events from now on. While its owner has no valid token it stays suspended, and goes on when the owner
   * has one.
   */
  @Post(':id/resume')
  @HttpCode(200)
  @ApiWebhookId()
  @ApiOkResponse({ type: AdministeredWebhook, description: 'The webhook as it is now' })
  @ApiErrors('webhook_not_found', 'webhook_disabled', 'overloaded', 'store_unavailable')
  resumeWebhook(@Param('id', WebhookIdPipe) id: string): Promise<AdministeredWebhook> {
    return this.webhooks.resume(id);
  }

  /**
   * Delete a webhook of any user
   *
   * @remarks Deliveries that still wait are dropped. One that is being made may still arrive.
   */
  @Delete(':id')
  @HttpCode(204)
  @ApiWebhookId()
  @ApiNoContentResponse({ description: 'Webhook deleted' })
  @ApiErrors('webhook_not_found', 'overloaded', 'store_unavailable')
  deleteAnyWebhook(@Param('id', WebhookIdPipe) id: string): Promise<void> {
    return this.webhooks.remove(id);
  }
}
