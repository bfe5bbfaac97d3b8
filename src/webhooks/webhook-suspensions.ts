import { Inject, Injectable, Logger } from '@nestjs/common';
import { Accounts } from '../auth/accounts.js';
import { Clock } from '../clock/clock.js';
import type { UserId } from '../core/ids.js';
import type { Suspension } from '../journal/rows/webhook-row.js';
import { LockStore } from '../store/lock-store.js';
import { RowChanges } from '../journal/row-changes.js';
import { DeliveryWorkers } from './delivery-workers.js';
import { EventFanOut } from './event-fan-out.js';
import { Pump } from './pump.js';
import { WebhookRegistry } from './webhook-registry.js';
import type { Webhook } from './webhook.js';

/** What tells whether the owner of a webhook can still act. */
export type Owners = Pick<Accounts, 'hasValidToken' | 'onTokensChanged'>;

/**
 * Suspends webhooks while their owner has no valid token, or because an operator wants it, and lets them go on at the present.
 *
 * A suspension is in force at once: nothing more is planned or sent, and the call that is under way is cut off. What waits
 * is given up, so that nothing old is sent later. Only when that is done can the webhook go on. The reason stands in the
 * database until then, so that a crash in between changes nothing.
 */
@Injectable()
export class WebhookSuspensions {
  readonly #logger = new Logger(WebhookSuspensions.name);
  readonly #settling: Pump;
  /** Webhooks whose deliveries are yet to be given up, or which may go on. */
  readonly #unsettled = new Set<string>();

  constructor(
    clock: Clock,
    private readonly store: LockStore,
    private readonly registry: WebhookRegistry,
    private readonly workers: DeliveryWorkers,
    private readonly fanOut: EventFanOut,
    @Inject(Accounts) private readonly owners: Owners,
  ) {
    this.#settling = new Pump(clock, 'webhook suspensions', () => this.#settleAll());
  }

  /** Suspends the webhooks whose owners have lost their tokens since the last run, before anything is planned or sent. */
  async open(): Promise<void> {
    const rows = new RowChanges();
    for (const webhook of this.registry.active()) {
      if (this.reasonFor(webhook.userId) !== null) this.#put(webhook, 'no_valid_token', rows);
    }
    if (rows.of('webhooks').put.length > 0) await this.store.write(rows);
    for (const { id, status } of this.registry.all()) if (status === 'suspended') this.#unsettled.add(id);
    this.owners.onTokensChanged((userId) => this.#lookAt(userId));
  }

  /** Lets those go on whose owners have a token again. Every webhook has a worker by now. */
  start(): void {
    this.#settling.poke();
  }

  async stop(): Promise<void> {
    await this.#settling.stop();
  }

  /** Why a webhook of this user is suspended from the beginning; null if it is not. */
  reasonFor(userId: UserId): Suspension | null {
    return this.owners.hasValidToken(userId) ? null : 'no_valid_token';
  }

  /** Suspends a webhook until an operator resumes it. Resolves when that is durable. */
  async suspend(webhook: Webhook): Promise<void> {
    if (webhook.row.suspendedBy === 'operator') await this.store.settled();
    else await this.#suspend(webhook, 'operator');
  }

  /** Ends what an operator has begun. The webhook goes on at the present if its owner has a valid token, else when it has. */
  async resume(webhook: Webhook): Promise<void> {
    if (webhook.row.suspendedBy === 'operator') {
      // From here on it is for the owner's tokens to say.
      const rows = new RowChanges();
      this.#put(webhook, 'no_valid_token', rows);
      await this.store.write(rows);
    }
    await this.#settle(webhook.id);
    await this.store.settled();
  }

  #lookAt(userId: UserId): void {
    const reason = this.reasonFor(userId);
    for (const webhook of this.registry.ofUser(userId)) {
      // A write that fails ends the process, and the next start finds the owner without a token.
      if (reason !== null && webhook.isActive) this.#suspend(webhook, reason).catch(() => undefined);
      if (reason === null && webhook.status === 'suspended') this.#unsettled.add(webhook.id);
    }
    if (this.#unsettled.size > 0) this.#settling.poke();
  }

  async #suspend(webhook: Webhook, suspendedBy: Suspension): Promise<void> {
    const rows = new RowChanges();
    const suspended = this.#put(webhook, suspendedBy, rows);
    if (webhook.isActive) {
      this.workers.suspend(suspended);
      this.#unsettled.add(webhook.id);
      this.#settling.poke();
    }
    await this.store.write(rows);
  }

  #put(webhook: Webhook, suspendedBy: Suspension, rows: RowChanges): Webhook {
    const suspended = webhook.with({ suspendedBy });
    this.registry.put(suspended, rows);
    this.#logger.log({ message: 'A webhook was suspended', ...factsOf(suspended) });
    return suspended;
  }

  async #settleAll(): Promise<void> {
    for (const webhookId of this.#unsettled) {
      // Before it is settled, so that what happens meanwhile is looked at as well.
      this.#unsettled.delete(webhookId);
      await this.#settle(webhookId).catch((error: unknown) => {
        this.#unsettled.add(webhookId);
        throw error;
      });
    }
  }

  /** Gives up what waits for a suspended webhook, and lets it go on if it may. */
  async #settle(webhookId: string): Promise<void> {
    const worker = this.workers.get(webhookId);
    await worker?.load();
    // If it was suspended once more meanwhile, it has another worker, which is settled on its own.
    if (worker !== this.workers.get(webhookId)) return;
    const webhook = this.registry.get(webhookId);
    if (webhook?.status !== 'suspended' || webhook.row.suspendedBy !== 'no_valid_token') return;
    if (this.reasonFor(webhook.userId) === null) await this.#goOn(webhook);
  }

  async #goOn(webhook: Webhook): Promise<void> {
    const startsAfter = this.fanOut.lastSequence;
    const resumed = webhook.with({ suspendedBy: null, startsAfter, failingSince: null });
    const rows = new RowChanges();
    this.registry.put(resumed, rows);
    this.workers.get(webhook.id)?.begin();
    this.#logger.log({ message: 'A webhook goes on', ...factsOf(resumed) });
    await this.store.write(this.fanOut.saveCursor(rows));
  }
}

function factsOf({ id, userId, row: { suspendedBy } }: Webhook): object {
  return { webhookId: id, userId, suspendedBy };
}
