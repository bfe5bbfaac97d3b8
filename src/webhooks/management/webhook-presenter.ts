import type { Webhook } from '../subscriptions/webhook.js';
import type { WebhookResponse } from './dto/webhook.dto.js';

const REDACTED = '****';

/** A webhook as its owner sees it, without the secret. */
export function presentWebhook({ row, events, isActive, status }: Webhook): WebhookResponse {
  return {
    id: row.webhookId,
    user_id: row.userId,
    url: row.url,
    secret: row.sealedSecret === null ? null : REDACTED,
    events,
    lock_pattern: row.lockPattern,
    created_at: new Date(row.createdAt).toISOString(),
    ordering: row.ordering,
    status,
    active: isActive,
    suspended_by: row.suspendedBy,
    disabled_reason: row.disabledReason,
  };
}
