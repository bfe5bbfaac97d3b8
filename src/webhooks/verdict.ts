import { afterMs, type Instant } from '../core/time.js';
import type { WebhookRow } from '../journal/rows/webhook-row.js';
import { withAttempt, type AttemptOutcome } from './attempt.js';
import { givenUp, type Delivery } from './delivery.js';
import { DISABLED_REASONS } from './webhook.js';

const DAY_MS = 24 * 60 * 60 * 1000;

/** How long every attempt must have failed before a webhook is given up. */
export const FAILING_MAX_MS = 5 * DAY_MS;

const GONE = 410;

/** An attempt and what came of it. */
export interface Attempt {
  readonly delivery: Delivery;
  readonly outcome: AttemptOutcome;
  /** Wall-clock milliseconds, for people to read. */
  readonly at: number;
}

/** What a failed attempt is judged by besides. */
export interface Circumstances {
  readonly webhook: Pick<WebhookRow, 'failingSince'>;
  readonly now: Instant;
  /** Milliseconds until the next attempt; null if there is none. */
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

/** What becomes of a delivery that the receiver has taken. */
export function judgeSuccess(attempt: Attempt): Verdict {
  const delivery: Delivery = { ...remembered(attempt), state: 'delivered', nextAttemptAt: null };
  return { delivery, failingSince: null, disabledReason: null };
}

/** Decides what becomes of a delivery and its webhook after an attempt that has failed. */
export function judgeFailure(attempt: Attempt, circumstances: Circumstances): Verdict {
  const { now, retryDelayMs, isLast } = circumstances;
  const delivery: Delivery = { ...remembered(attempt), failures: attempt.delivery.failures + 1 };
  const failingSince = circumstances.webhook.failingSince ?? now;
  const disabledReason = reasonToDisable(attempt.outcome, now - failingSince);
  if (disabledReason !== null) {
    return { delivery: givenUp(delivery, 'webhook_disabled'), failingSince, disabledReason };
  }
  if (retryDelayMs === null) {
    // With nothing left to try, the time until the next event says nothing about the receiver.
    const stillFailing = isLast ? null : failingSince;
    return {
      delivery: givenUp(delivery, 'attempts_exhausted'),
      failingSince: stillFailing,
      disabledReason,
    };
  }
  const retried: Delivery = { ...delivery, nextAttemptAt: afterMs(now, retryDelayMs) };
  return { delivery: retried, failingSince, disabledReason };
}

function remembered({ delivery, outcome: { status, error, durationMs }, at }: Attempt): Delivery {
  return { ...delivery, attempts: withAttempt(delivery.attempts, { at, status, error, durationMs }) };
}

function reasonToDisable({ status }: AttemptOutcome, failingMs: number): string | null {
  if (status === GONE) return DISABLED_REASONS.gone;
  return failingMs >= FAILING_MAX_MS ? DISABLED_REASONS.failing : null;
}
