import { Injectable, Logger } from '@nestjs/common';
import type { Instant } from '../../core/model/time.js';
import { LockStore } from '../../store/lock-store.js';
import { RowChanges } from '../../journal/row-changes.js';
import { WebhookRegistry } from '../subscriptions/webhook-registry.js';
import type { Webhook } from '../subscriptions/webhook.js';
import type { DeliveryQueue } from './delivery-queue.js';
import { deliveryIdOf, asDeadLetter, type Delivery } from './delivery.js';
import { afterFailure, afterSuccess, type AfterAttempt, type Attempt } from './retry-or-give-up.js';
import { RetrySchedule } from './retry-schedule.js';

/** Makes the changes of single deliveries durable, together with the resulting changes of their webhooks. */
@Injectable()
export class DeliveryRecorder {
  /** Operators know these log lines by this context. */
  readonly #logger = new Logger('DeliveryLedger');

  constructor(
    private readonly store: LockStore,
    private readonly registry: WebhookRegistry,
    private readonly schedule: RetrySchedule,
  ) {}

  /** The current time, read after everything written so far has become durable. */
  async now(): Promise<Instant> {
    await this.store.settled();
    return this.store.now();
  }

  /**
   * Records an attempt and updates the queue. Does nothing if the webhook was deleted or the delivery was skipped in the
   * meantime.
   */
  async record(attempt: Attempt, queue: DeliveryQueue): Promise<void> {
    const now = attempt.outcome.error === null ? null : await this.now();
    const webhook = this.registry.activeOne(attempt.delivery.webhookId);
    if (webhook === null || !queue.isUnderWay(attempt.delivery.sequence)) return;
    const after = now === null ? afterSuccess(attempt) : this.#afterFailure(attempt, webhook, queue, now);
    const rows = new RowChanges().put('deliveries', after.delivery);
    for (const sequence of moveOn(queue, after.delivery)) {
      rows.remove('deliveries', deliveryIdOf(webhook.id, sequence));
    }
    this.#update(webhook, after, rows);
    await this.store.write(rows);
  }

  /** Deletes a delivery of an event that the webhook's owner may no longer see. */
  async discard({ deliveryId, sequence }: Delivery, queue: DeliveryQueue): Promise<void> {
    queue.drop(sequence);
    await this.store.write(new RowChanges().remove('deliveries', deliveryId));
  }

  /** Disables a webhook for good, if it is active. The caller must give up its deliveries. */
  async disable(webhookId: string, disabledReason: string): Promise<void> {
    const webhook = this.registry.activeOne(webhookId);
    if (webhook === null) return;
    const rows = new RowChanges();
    this.#update(webhook, { disabledReason, failingSince: webhook.row.failingSince }, rows);
    await this.store.write(rows);
  }

  /** Makes a finished delivery pending again, with the full schedule of retries. Returns the changed delivery. */
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

  /**
   * Records that a delivery was skipped. It must no longer be in the queue.
   *
   * @param forgotten Sequences of finished deliveries that are no longer kept.
   * @returns The changed delivery.
   */
  async skip(waiting: Delivery, forgotten: readonly number[], queue: DeliveryQueue): Promise<Delivery> {
    const delivery = asDeadLetter(waiting, 'skipped');
    const rows = new RowChanges().put('deliveries', delivery);
    for (const sequence of forgotten) rows.remove('deliveries', deliveryIdOf(delivery.webhookId, sequence));
    const webhook = this.registry.activeOne(delivery.webhookId);
    // With no delivery pending, the receiver is not tried until the next event. That time must not count as failing.
    if (webhook !== null && queue.pendingCount === 0) {
      this.#update(webhook, { disabledReason: null, failingSince: null }, rows);
    }
    await this.store.write(rows);
    return delivery;
  }

  #afterFailure(attempt: Attempt, webhook: Webhook, queue: DeliveryQueue, now: Instant): AfterAttempt {
    const { delivery, outcome } = attempt;
    const retryDelayMs = this.schedule.delayAfter(delivery.failures + 1, outcome.retryAfterMs);
    return afterFailure(attempt, {
      webhook: webhook.row,
      now,
      retryDelayMs,
      isLast: queue.pendingCount === 1,
    });
  }

  #update(
    webhook: Webhook,
    { disabledReason, failingSince }: Pick<AfterAttempt, 'disabledReason' | 'failingSince'>,
    rows: RowChanges,
  ): void {
    const { row } = webhook;
    if (row.disabledReason === disabledReason && row.failingSince === failingSince) return;
    this.registry.put(webhook.with({ disabledReason, failingSince }), rows);
    if (disabledReason === null) return;
    this.#logger.warn({ message: 'A webhook was disabled', webhookId: webhook.id, reason: disabledReason });
  }
}

/** Updates the queue after an attempt. Returns the sequences of finished deliveries that are no longer kept. */
function moveOn(queue: DeliveryQueue, { sequence, state, nextAttemptAt }: Delivery): number[] {
  if (state !== 'pending') return queue.finish(sequence, state);
  if (nextAttemptAt !== null) queue.retryAt(sequence, nextAttemptAt as Instant);
  return [];
}
