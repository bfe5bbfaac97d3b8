import type { Access } from '../../access/access.js';
import type { Clock } from '../../clock/clock.js';
import type { Instant } from '../../core/model/time.js';
import { BackgroundTask } from '../background-task.js';
import type { WebhookRegistry } from '../subscriptions/webhook-registry.js';
import { DISABLED_REASONS, type Webhook } from '../subscriptions/webhook.js';
import type { AttemptOutcome } from '../transport/attempt-outcome.js';
import type { ReceiverConnection } from '../transport/receiver-connection.js';
import type { CallResult, Message, WebhookSender } from '../transport/webhook-sender.js';
import type { CallLimit } from './call-limit.js';
import type { DeliveryQueue } from './delivery-queue.js';
import type { DeliveryRecorder } from './delivery-recorder.js';
import type { Delivery } from './delivery.js';
import { visibleTo } from './visible-delivery.js';
import type { StoredDeliveries } from './stored-deliveries.js';

/** How many deliveries are read from disk at a time. */
const READ_AHEAD = 20;

/** The services that all workers share. */
export interface DeliveryServices {
  readonly clock: Clock;
  readonly registry: WebhookRegistry;
  readonly access: Access;
  readonly stored: StoredDeliveries;
  readonly recorder: DeliveryRecorder;
  readonly sender: WebhookSender;
  readonly callLimit: CallLimit;
}

/** What all workers of one webhook share. */
export interface WorkerTask {
  readonly webhookId: string;
  readonly queue: DeliveryQueue;
  /** Aborts the current call and every later one. An aborted call is not recorded. */
  readonly aborted: AbortSignal;
  /** Called if nothing can be attempted before `until`. */
  readonly onWait: (now: Instant, until: Instant) => void;
  /** Called if an attempt disabled the webhook. */
  readonly onDisabled: () => Promise<void>;
}

/** Takes deliveries from a webhook's queue and sends them one at a time, over its own connection. */
export class DeliveryWorker {
  readonly #task: WorkerTask;
  readonly #services: DeliveryServices;
  readonly #work: BackgroundTask;
  /** Deliveries that have been read but not attempted. */
  readonly #readAhead = new Map<number, Delivery>();
  #connection: ReceiverConnection | null = null;

  constructor(task: WorkerTask, services: DeliveryServices) {
    this.#task = task;
    this.#services = services;
    this.#work = new BackgroundTask(services.clock, 'webhook deliveries', () => this.#deliverAll());
  }

  /** Starts working, because there may be something to deliver. */
  wake(): void {
    this.#work.wake();
  }

  /** Drops a delivery from the read-ahead, because it has changed. */
  forget(sequence: number): void {
    this.#readAhead.delete(sequence);
  }

  /** Sends a message that is not a delivery, then closes the connection. Null if the webhook is not active. */
  async test(message: Message): Promise<AttemptOutcome | null> {
    const webhook = this.#webhook;
    if (webhook === null) return null;
    const result = await this.#send(message, webhook);
    this.disconnect();
    await this.#giveUpIfDisabled();
    return result.kind === 'answered' ? result.outcome : null;
  }

  /** Begins no more attempts, and waits for the one under way. */
  async stop(): Promise<void> {
    await this.#work.stop();
    this.disconnect();
  }

  disconnect(): void {
    this.#connection?.close();
  }

  /** The webhook. Null if it is no longer active. */
  get #webhook(): Webhook | null {
    return this.#services.registry.activeOne(this.#task.webhookId);
  }

  async #deliverAll(): Promise<void> {
    const { queue, onWait } = this.#task;
    while (!this.#work.isStopped && this.#webhook !== null) {
      const now = queue.hasRetries ? await this.#services.recorder.now() : null;
      const next = queue.next(now);
      if (next.kind === 'nothing') return;
      if (next.kind === 'wait') return onWait(now ?? next.until, next.until);
      await this.#attemptInTurn(next.sequence);
    }
  }

  async #attemptInTurn(sequence: number): Promise<void> {
    const { queue } = this.#task;
    queue.begin(sequence);
    try {
      await this.#services.callLimit.run(() => this.#attempt(sequence));
    } finally {
      queue.end(sequence);
    }
  }

  async #attempt(sequence: number): Promise<void> {
    const { queue } = this.#task;
    const delivery = await this.#read(sequence);
    if (delivery === null) queue.drop(sequence);
    const webhook = this.#webhook;
    // While this waited, the delivery may have been skipped, and the webhook deleted, suspended or disabled.
    if (this.#work.isStopped || webhook === null || delivery === null || !queue.isUnderWay(sequence)) return;
    const visible = visibleTo(webhook, delivery, this.#services.access);
    if (visible === null) return this.#services.recorder.discard(delivery, queue);
    const result = await this.#send(visible, webhook);
    if (result.kind === 'answered') await this.#services.recorder.record({ delivery, ...result }, queue);
    await this.#giveUpIfDisabled();
  }

  /** Calls the receiver. If the webhook's secret is lost, disables the webhook instead. */
  async #send(message: Message, { id, row }: Webhook): Promise<CallResult> {
    const { sender, recorder } = this.#services;
    this.#connection ??= sender.connectionTo(row.url);
    const result = await sender.send(message, row.sealedSecret, this.#connection, this.#task.aborted);
    if (result.kind === 'secret_lost') await recorder.disable(id, DISABLED_REASONS.secretLost);
    return result;
  }

  async #giveUpIfDisabled(): Promise<void> {
    const { aborted, onDisabled } = this.#task;
    // If calls were aborted, the webhook was deleted or suspended, and its deliveries are no longer this worker's.
    if (this.#webhook === null && !aborted.aborted) await onDisabled();
  }

  async #read(sequence: number): Promise<Delivery | null> {
    if (!this.#readAhead.has(sequence)) {
      this.#readAhead.clear();
      const { queue, webhookId } = this.#task;
      const following = queue.startingWith(sequence, READ_AHEAD);
      for (const delivery of await this.#services.stored.read(webhookId, following)) {
        this.#readAhead.set(delivery.sequence, delivery);
      }
    }
    const delivery = this.#readAhead.get(sequence) ?? null;
    this.#readAhead.delete(sequence);
    return delivery;
  }
}
