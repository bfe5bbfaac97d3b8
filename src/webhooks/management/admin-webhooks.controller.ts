import { Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { Origin } from '../../audit/origin.js';
import { AdminOnly } from '../../auth/admin-only.decorator.js';
import { AuditRefusals } from '../../auth/audit-refusals.js';
import { CurrentOrigin } from '../../auth/request-origins.js';
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
  constructor(
    private readonly webhooks: WebhookAdministration,
    private readonly refusals: AuditRefusals,
  ) {}

  /**
   * List the webhooks of all users
   *
   * @remarks Oldest first. The list includes webhooks that are suspended because their owner has no valid token. Secrets are
   * redacted.
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
   * @remarks The server does not call it until you resume it, whether or not its owner has a valid token. Events from the
   * time in between are never sent to it. Pending deliveries become `dead` with the reason `suspended`.
   */
  @Post(':id/suspend')
  @HttpCode(200)
  @ApiWebhookId()
  @ApiOkResponse({ type: AdministeredWebhook, description: 'The webhook is suspended' })
  @ApiErrors('webhook_not_found', 'webhook_disabled', 'overloaded', 'store_unavailable')
  suspendWebhook(
    @Param('id', WebhookIdPipe) id: string,
    @CurrentOrigin() origin: Origin,
  ): Promise<AdministeredWebhook> {
    const attempt = { action: 'webhook.suspend', origin, subject: { kind: 'webhook', id } } as const;
    return this.refusals.watch(attempt, () => this.webhooks.suspend(id, origin));
  }

  /**
   * Resume a webhook
   *
   * @remarks It receives events from now on. If its owner has no valid token, it stays suspended until the owner has one.
   */
  @Post(':id/resume')
  @HttpCode(200)
  @ApiWebhookId()
  @ApiOkResponse({ type: AdministeredWebhook, description: 'The webhook as it is now' })
  @ApiErrors('webhook_not_found', 'webhook_disabled', 'overloaded', 'store_unavailable')
  resumeWebhook(
    @Param('id', WebhookIdPipe) id: string,
    @CurrentOrigin() origin: Origin,
  ): Promise<AdministeredWebhook> {
    const attempt = { action: 'webhook.resume', origin, subject: { kind: 'webhook', id } } as const;
    return this.refusals.watch(attempt, () => this.webhooks.resume(id, origin));
  }

  /**
   * Delete a webhook of any user
   *
   * @remarks Its pending deliveries are deleted. An event that is being sent may still arrive.
   */
  @Delete(':id')
  @HttpCode(204)
  @ApiWebhookId()
  @ApiNoContentResponse({ description: 'Webhook deleted' })
  @ApiErrors('webhook_not_found', 'overloaded', 'store_unavailable')
  deleteAnyWebhook(@Param('id', WebhookIdPipe) id: string, @CurrentOrigin() origin: Origin): Promise<void> {
    const attempt = { action: 'webhook.delete', origin, subject: { kind: 'webhook', id } } as const;
    return this.refusals.watch(attempt, () => this.webhooks.remove(id, origin));
  }
}
