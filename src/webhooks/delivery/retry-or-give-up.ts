import { afterMs, type Instant } from '../../core/model/time.js';
import type { WebhookRow } from '../../journal/rows/webhook-row.js';
import type { DeadReason } from '../../journal/rows/delivery-row.js';
import { DISABLED_REASONS, type Webhook, type WebhookStatus } from '../subscriptions/webhook.js';
import type { AttemptOutcome } from '../transport/attempt-outcome.js';
import { withAttempt } from './attempt-record.js';
import { asDeadLetter, type Delivery } from './delivery.js';

const DAY_MS = 24 * 60 * 60 * 1000;

/** If every attempt has failed for this long, the webhook is disabled. In milliseconds. */
export const FAILING_MAX_MS = 5 * DAY_MS;

const GONE = 410;

/** An attempt and its outcome. */
export interface Attempt {
  readonly delivery: Delivery;
  readonly outcome: AttemptOutcome;
  /** Wall-clock milliseconds, for people to read. */
  readonly at: number;
}

/** What the decision after a failed attempt depends on. */
export interface Circumstances {
  readonly webhook: Pick<WebhookRow, 'failingSince'>;
  readonly now: Instant;
  /** Milliseconds until the next attempt. Null if the schedule has none left. */
  readonly retryDelayMs: number | null;
  /** Whether there is no other delivery in the webhook's queue. */
  readonly isLast: boolean;
}

/** The delivery and the state of its webhook after an attempt. */
export interface AfterAttempt {
  readonly delivery: Delivery;
  readonly failingSince: number | null;
  readonly disabledReason: string | null;
}

/** The result of an attempt that the receiver accepted. */
export function afterSuccess(attempt: Attempt): AfterAttempt {
  const delivery: Delivery = { ...withThisAttempt(attempt), state: 'delivered', nextAttemptAt: null };
  return { delivery, failingSince: null, disabledReason: null };
}

/** Decides what follows a failed attempt: the delivery is retried or becomes a dead letter, and the webhook may be disabled. */
export function afterFailure(attempt: Attempt, circumstances: Circumstances): AfterAttempt {
  const { now, retryDelayMs, isLast } = circumstances;
  const delivery: Delivery = { ...withThisAttempt(attempt), failures: attempt.delivery.failures + 1 };
  const failingSince = circumstances.webhook.failingSince ?? now;
  const disabledReason = reasonToDisable(attempt.outcome, now - failingSince);
  if (disabledReason !== null) {
    return { delivery: asDeadLetter(delivery, 'webhook_disabled'), failingSince, disabledReason };
  }
  if (retryDelayMs === null) {
    return {
      delivery: asDeadLetter(delivery, 'attempts_exhausted'),
      // With no delivery pending, the receiver is not tried until the next event. That time must not count as failing.
      failingSince: isLast ? null : failingSince,
      disabledReason,
    };
  }
  const retried: Delivery = { ...delivery, nextAttemptAt: afterMs(now, retryDelayMs) };
  return { delivery: retried, failingSince, disabledReason };
}

const REASONS_TO_GIVE_UP_ALL: Record<WebhookStatus, DeadReason | null> = {
  active: null,
  suspended: 'suspended',
  disabled: 'webhook_disabled',
};

/** Why every pending delivery of a webhook becomes a dead letter. Null if the webhook is active, or no longer exists. */
export function reasonToGiveUpAll(webhook: Webhook | null): DeadReason | null {
  return REASONS_TO_GIVE_UP_ALL[webhook?.status ?? 'active'];
}

function withThisAttempt({ delivery, outcome: { status, error, durationMs }, at }: Attempt): Delivery {
  return { ...delivery, attempts: withAttempt(delivery.attempts, { at, status, error, durationMs }) };
}

function reasonToDisable({ status }: AttemptOutcome, failingMs: number): string | null {
  if (status === GONE) return DISABLED_REASONS.gone;
  return failingMs >= FAILING_MAX_MS ? DISABLED_REASONS.failing : null;
}
