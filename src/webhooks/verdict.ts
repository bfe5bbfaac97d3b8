import { afterMs, type Instant } from '../core/time.js';
import type { WebhookEntity } from '../store/entities/webhook.entity.js';
import { withAttempt, type AttemptOutcome } from './attempt.js';
import { givenUp, type Delivery } from './delivery.js';
import { DISABLED_REASONS } from './webhook.js';

const DAY_MS = 24 * 60 * 60 * 1000;

/** How long every attempt must have failed before a webhook is given up. */
export const FAILING_MAX_MS = 5 * DAY_MS;

const GONE = 410;

/** What an attempt is judged by. */
export interface Attempt {
  readonly delivery: Delivery;
  readonly webhook: Pick<WebhookEntity, 'failingSince'>;
  readonly outcome: AttemptOutcome;
  /** Wall-clock milliseconds, for people to read. */
  readonly at: number;
  readonly now: Instant;
  /** Milliseconds until the next attempt if this one has failed; null if there is none. */
  readonly retryDelayMs: number | null;
  /** Whether no other delivery waits in the webhook's queue. */
  readonly isLast: boolean;
}

/** What an attempt means for the delivery and for its webhook. */
export interface Verdict {
  readonly delivery: Delivery;
  readonly failingSince: number | null;
  readonly disabledReason: string | null;
}

/** Decides what becomes of a delivery and its webhook after an attempt. */
export function judge(attempt: Attempt): Verdict {
  const { outcome, at } = attempt;
  const { status, error, durationMs } = outcome;
  const delivery = {
    ...attempt.delivery,
    attempts: withAttempt(attempt.delivery.attempts, { at, status, error, durationMs }),
  };
  if (error === null) {
    const delivered = { ...delivery, state: 'delivered' as const, nextAttemptAt: null };
    return { delivery: delivered, failingSince: null, disabledReason: null };
  }
  return judgeFailure(attempt, { ...delivery, failures: delivery.failures + 1 });
}

function judgeFailure(attempt: Attempt, delivery: Delivery): Verdict {
  const failingSince = attempt.webhook.failingSince ?? attempt.now;
  const disabledReason = reasonToDisable(attempt, failingSince);
  if (disabledReason !== null) {
    return { delivery: givenUp(delivery, 'webhook_disabled'), failingSince, disabledReason };
  }
  if (attempt.retryDelayMs === null) {
    // With nothing left to try, the time until the next event says nothing about the receiver.
    const stillFailing = attempt.isLast ? null : failingSince;
    return { delivery: givenUp(delivery, 'attempts_exhausted'), failingSince: stillFailing, disabledReason };
  }
  const nextAttemptAt = afterMs(attempt.now, attempt.retryDelayMs);
  return { delivery: { ...delivery, nextAttemptAt }, failingSince, disabledReason };
}

function reasonToDisable({ outcome, now }: Attempt, failingSince: number): string | null {
  if (outcome.status === GONE) return DISABLED_REASONS.gone;
  return now - failingSince >= FAILING_MAX_MS ? DISABLED_REASONS.failing : null;
}
