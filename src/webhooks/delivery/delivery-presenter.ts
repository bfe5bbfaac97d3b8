import type { Instant } from '../../core/model/time.js';
import type { LockEventBody } from '../../events/event.dto.js';
import { attemptsOf } from './attempt-record.js';
import type { DeliveryResponse } from './delivery.dto.js';
import type { Delivery } from './delivery.js';

/** A delivery as its owner sees it. */
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
