import { Inject, Injectable, Logger } from '@nestjs/common';
import { Accounts } from '../../auth/accounts.js';
import { Clock } from '../../clock/clock.js';
import type { UserId } from '../../core/model/ids.js';
import { afterEffect } from '../../errors/after-effect.js';
import { LockStore } from '../../store/lock-store.js';
import { RowChanges } from '../../journal/row-changes.js';
import type { Suspension } from '../../journal/rows/webhook-row.js';
import { BackgroundTask } from '../background-task.js';
import { WebhookDispatchers } from '../delivery/webhook-dispatchers.js';
import { EventFanOut } from '../fan-out/event-fan-out.js';
import { WebhookRegistry } from '../subscriptions/webhook-registry.js';
import type { Webhook } from '../subscriptions/webhook.js';
import { factsOf, makerOfWebhook, reasonToSuspend, suspend, type Maker } from './suspend.js';

/** Adds what the audit records of a change to the rows of the same commit. */
type Record = (rows: RowChanges) => void;

/** Knows which tokens are valid. */
export type Owners = Pick<Accounts, 'hasValidToken' | 'hasTokenWithScopes' | 'onTokensChanged'>;

/**
 * Suspends webhooks while their owner has no valid token, once the token with scopes that made them has ended, or because an operator wants it, and resumes them.
 *
 * A suspension takes effect at once: nothing more is queued or sent, and calls under way are aborted. Then every pending
 * delivery becomes a dead letter, so that nothing old is sent later. Only after that can the webhook be resumed, for new
 * events. The reason stays in the database until then, so a crash in between changes nothing.
 */
@Injectable()
export class WebhookSuspensions {
  readonly #logger = new Logger(WebhookSuspensions.name);
  readonly #settling: BackgroundTask;
  /** Webhooks whose pending deliveries must become dead letters, or that may be resumed. */
  readonly #unsettled = new Set<string>();

  constructor(
    clock: Clock,
    private readonly store: LockStore,
    private readonly registry: WebhookRegistry,
    private readonly dispatchers: WebhookDispatchers,
    private readonly fanOut: EventFanOut,
    @Inject(Accounts) private readonly owners: Owners,
  ) {
    this.#settling = new BackgroundTask(clock, 'webhook suspensions', () => this.#settleAll());
  }

  /** Finds what is suspended, and follows the owners from now on. */
  open(): void {
    for (const { id, status } of this.registry.all()) if (status === 'suspended') this.#unsettled.add(id);
    this.owners.onTokensChanged((userId) => this.#onTokensChanged(userId));
  }

  /** Resumes the webhooks whose owners have a token again. Every webhook must have a dispatcher by now. */
  start(): void {
    this.#settling.wake();
  }

  async stop(): Promise<void> {
    await this.#settling.stop();
  }

  /** Why a new webhook is suspended. Null if it is not. */
  reasonFor(maker: Maker): Suspension | null {
    return reasonToSuspend(this.owners, maker);
  }

  /** Suspends a webhook until an operator resumes it. Resolves when that is durable. Records nothing if it is already. */
  async suspend(webhook: Webhook, record?: Record): Promise<void> {
    if (webhook.row.suspendedBy === 'operator') await this.store.settled();
    else await this.#suspend(webhook, 'operator', record);
  }

  /**
   * Ends an operator's suspension, or else records nothing. The webhook is resumed as soon as its owner has a valid token, which may be
   * now.
   */
  async resume(webhook: Webhook, record?: Record): Promise<void> {
    if (webhook.row.suspendedBy === 'operator') {
      // From now on the owner's tokens decide.
      const rows = new RowChanges();
      suspend(webhook, 'no_valid_token', this.registry, rows);
      record?.(rows);
      await this.store.write(rows);
    }
    await afterEffect(() => this.#resumeIfDue(webhook.id));
  }

  async #resumeIfDue(webhookId: string): Promise<void> {
    await this.#settle(webhookId);
    await this.store.settled();
  }

  #onTokensChanged(userId: UserId): void {
    for (const webhook of this.registry.ofUser(userId)) {
      const reason = this.reasonFor(makerOfWebhook(webhook));
      // If the write fails, the process ends, and the next start finds the owner without a token.
      if (reason !== null && webhook.isActive) this.#suspend(webhook, reason).catch(() => undefined);
      if (reason === null && webhook.status === 'suspended') this.#unsettled.add(webhook.id);
    }
    if (this.#unsettled.size > 0) this.#settling.wake();
  }

  async #suspend(webhook: Webhook, suspendedBy: Suspension, record?: Record): Promise<void> {
    const rows = new RowChanges();
    record?.(rows);
    const suspended = suspend(webhook, suspendedBy, this.registry, rows);
    if (webhook.isActive) {
      this.dispatchers.suspend(suspended);
      this.#unsettled.add(webhook.id);
      this.#settling.wake();
    }
    await this.store.write(rows);
  }

  async #settleAll(): Promise<void> {
    for (const webhookId of this.#unsettled) {
      // Deleted first, so that a change in the meantime adds it again.
      this.#unsettled.delete(webhookId);
      await this.#settle(webhookId).catch((error: unknown) => {
        this.#unsettled.add(webhookId);
        throw error;
      });
    }
  }

  /** Makes dead letters of a suspended webhook's pending deliveries, and resumes the webhook if it may be active. */
  async #settle(webhookId: string): Promise<void> {
    const dispatcher = this.dispatchers.get(webhookId);
    await dispatcher?.load();
    // If the webhook was suspended again in the meantime, it has another dispatcher, which is settled separately.
    if (dispatcher !== this.dispatchers.get(webhookId)) return;
    const webhook = this.registry.get(webhookId);
    if (webhook?.status !== 'suspended' || webhook.row.suspendedBy !== 'no_valid_token') return;
    if (this.reasonFor(makerOfWebhook(webhook)) === null) await this.#resume(webhook);
  }

  async #resume(webhook: Webhook): Promise<void> {
    const startsAfter = this.fanOut.lastSequence;
    const resumed = webhook.with({ suspendedBy: null, startsAfter, failingSince: null });
    const rows = new RowChanges();
    this.registry.put(resumed, rows);
    this.dispatchers.get(webhook.id)?.begin();
    this.#logger.log({ message: 'A webhook was resumed', ...factsOf(resumed) });
    await this.store.write(this.fanOut.saveCursor(rows));
  }
}
