import type { Instant } from '../core/model/time.js';
import type { LockEventBody } from '../events/event.dto.js';
import { attemptsOf } from './attempt.js';
import type { Delivery } from './delivery.js';
import type { DeliveryResponse } from './dto/delivery.dto.js';
import type { WebhookResponse } from './dto/webhook.dto.js';
import type { Webhook } from './webhook.js';

const REDACTED = '****';

/** What an owner is shown of a webhook. The secret never is. */
export function presentWebhook({ row, events, isActive, status }: Webhook): WebhookResponse {
  return {
    id: row.webhookId,
    user_id: row.userId,
    url: row.url,
    secret: row.sealedSecret === null ? null : REDACTED,
    events,
    lock_pattern: row.lockPattern,
    created_at: rfc3339(row.createdAt),
    ordering: row.ordering,
    status,
    active: isActive,
    suspended_by: row.suspendedBy,
    disabled_reason: row.disabledReason,
  };
}

/** What an owner is shown of a delivery. */
export function presentDelivery(row: Delivery, toWallMs: (instant: Instant) => number): DeliveryResponse {
  const nextAttemptAt = row.nextAttemptAt as Instant | null;
  return {
    id: row.deliveryId,
    webhook_id: row.webhookId,
    state: row.state,
    dead_reason: row.deadReason,
    payload: JSON.parse(row.payload) as LockEventBody,
    attempts: attemptsOf(row.attempts).map(({ at, status, error, durationMs }) => ({
      at: rfc3339(at),
      status,
      error,
      duration_ms: durationMs,
    })),
    ...(nextAttemptAt === null ? {} : { next_attempt_at: rfc3339(toWallMs(nextAttemptAt)) }),
    created_at: rfc3339(row.createdAt),
  };
}

function rfc3339(wallMs: number): string {
  return new Date(wallMs).toISOString();
}
