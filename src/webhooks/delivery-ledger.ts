import { Injectable, Logger } from '@nestjs/common';
import type { Instant } from '../core/time.js';
import type { DeadReason } from '../journal/rows/delivery-row.js';
import { LockStore } from '../store/lock-store.js';
import { RowChanges } from '../journal/row-changes.js';
import type { DeliveryQueue } from './delivery-queue.js';
import { DeliverySchedule } from './delivery-schedule.js';
import { deliveryIdOf, givenUp, type Delivery } from './delivery.js';
import { judgeFailure, judgeSuccess, type Attempt, type Verdict } from './verdict.js';
import { WebhookRegistry } from './webhook-registry.js';
import type { Webhook, WebhookStatus } from './webhook.js';

const REASONS: Record<WebhookStatus, DeadReason | null> = {
  active: null,
  suspended: 'suspended',
  disabled: 'webhook_disabled',
};

/** Writes down what becomes of deliveries, one at a time, and of their webhooks. */
@Injectable()
export class DeliveryLedger {
  readonly #logger = new Logger(DeliveryLedger.name);

  constructor(
    private readonly store: LockStore,
    private readonly registry: WebhookRegistry,
    private readonly schedule: DeliverySchedule,
  ) {}

  /** The present instant, once everything that was written down is durable. That may take a while: it is read afterwards. */
  async now(): Promise<Instant> {
    await this.store.settled();
    return this.store.now();
  }

  /** The webhook, if it is to be called. */
  active(webhookId: string): Webhook | null {
    return this.registry.activeOne(webhookId);
  }

  /** Why the webhook's deliveries are given up; null while it is called, or when it does not exist any more. */
  reasonToGiveUp(webhookId: string): DeadReason | null {
    const status = this.registry.get(webhookId)?.status ?? 'active';
    return REASONS[status];
  }

  /**
   * Writes down an attempt and moves the queue on. What concerns a webhook that is gone by now, or a delivery that was skipped
   * meanwhile, is of no interest.
   */
  async record(attempt: Attempt, queue: DeliveryQueue): Promise<void> {
    const now = attempt.outcome.error === null ? null : await this.now();
    const webhook = this.active(attempt.delivery.webhookId);
    if (webhook === null || !queue.isUnderWay(attempt.delivery.sequence)) return;
    const verdict = now === null ? judgeSuccess(attempt) : this.#judgeFailure(attempt, webhook, queue, now);
    const rows = new RowChanges().put('deliveries', verdict.delivery);
    for (const sequence of settle(queue, verdict.delivery)) {
      rows.remove('deliveries', deliveryIdOf(webhook.id, sequence));
    }
    this.#update(webhook, verdict, rows);
    await this.store.write(rows);
  }

  /** Stops calling a webhook for good, if it is still called. The caller gives up its deliveries. */
  async disable(webhookId: string, disabledReason: string): Promise<void> {
    const webhook = this.active(webhookId);
    if (webhook === null) return;
    const rows = new RowChanges();
    this.#update(webhook, { disabledReason, failingSince: webhook.row.failingSince }, rows);
    await this.store.write(rows);
  }

  /** Queues a finished delivery once more, from the first attempt on. Returns it as it is now. */
  async requeue(finished: Delivery): Promise<Delivery> {
    const delivery: Delivery = {
      ...finished,
      state: 'pending',
      lane: 'repeat',
      deadReason: null,
      failures: 0,
      nextAttemptAt: null,
    };
    await this.store.write(new RowChanges().put('deliveries', delivery));
    return delivery;
  }

  /** Writes down that a delivery, which is no longer in the queue, was skipped. Returns it as it is now. */
  async skip(waiting: Delivery, forgotten: readonly number[], queue: DeliveryQueue): Promise<Delivery> {
    const delivery = givenUp(waiting, 'skipped');
    const rows = new RowChanges().put('deliveries', delivery);
    for (const sequence of forgotten) rows.remove('deliveries', deliveryIdOf(delivery.webhookId, sequence));
    const webhook = this.active(delivery.webhookId);
    // With nothing left to try, the time until the next event says nothing about the receiver.
    if (webhook !== null && queue.pendingCount === 0) {
      this.#update(webhook, { disabledReason: null, failingSince: null }, rows);
    }
    await this.store.write(rows);
    return delivery;
  }

  #judgeFailure(attempt: Attempt, webhook: Webhook, queue: DeliveryQueue, now: Instant): Verdict {
    const { delivery, outcome } = attempt;
    const retryDelayMs = this.schedule.delayAfter(delivery.failures + 1, outcome.retryAfterMs);
    return judgeFailure(attempt, {
      webhook: webhook.row,
      now,
      retryDelayMs,
      isLast: queue.pendingCount === 1,
    });
  }

  #update(
    webhook: Webhook,
    { disabledReason, failingSince }: Pick<Verdict, 'disabledReason' | 'failingSince'>,
    rows: RowChanges,
  ): void {
    const { row } = webhook;
    if (row.disabledReason === disabledReason && row.failingSince === failingSince) return;
    const changed = webhook.with({ disabledReason, failingSince });
    this.registry.put(changed, rows);
    if (disabledReason === null) return;
    this.#logger.warn({ message: 'A webhook was disabled', webhookId: webhook.id, reason: disabledReason });
  }
}

/** Moves the queue on after an attempt. Returns the sequences of the deliveries that are forgotten for it. */
function settle(queue: DeliveryQueue, { sequence, state, nextAttemptAt }: Delivery): number[] {
  if (state !== 'pending') return queue.finish(sequence, state);
  if (nextAttemptAt !== null) queue.retryAt(sequence, nextAttemptAt as Instant);
  return [];
}
