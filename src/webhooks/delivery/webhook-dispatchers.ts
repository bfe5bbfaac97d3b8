import { Injectable } from '@nestjs/common';
import { Access } from '../../access/access.js';
import { Clock } from '../../clock/clock.js';
import { WebhookRegistry } from '../subscriptions/webhook-registry.js';
import type { Webhook } from '../subscriptions/webhook.js';
import { WebhookSender } from '../transport/webhook-sender.js';
import { CallLimit } from './call-limit.js';
import { DeliveryRecorder } from './delivery-recorder.js';
import type { DeliveryServices } from './delivery-worker.js';
import { StoredDeliveries } from './stored-deliveries.js';
import { WebhookDispatcher } from './webhook-dispatcher.js';

/** How long calls under way may continue after the server has begun to stop, in milliseconds. */
export const STOP_GRACE_MS = 5_000;

/** The dispatchers of all webhooks, one for each. */
@Injectable()
export class WebhookDispatchers {
  readonly #services: DeliveryServices;
  readonly #dispatchers = new Map<string, WebhookDispatcher>();
  readonly #removals = new Set<Promise<void>>();

  constructor(
    clock: Clock,
    registry: WebhookRegistry,
    stored: StoredDeliveries,
    recorder: DeliveryRecorder,
    sender: WebhookSender,
    access: Access,
  ) {
    this.#services = {
      clock,
      registry,
      access,
      stored,
      recorder,
      sender,
      callLimit: new CallLimit(clock),
    };
  }

  get(webhookId: string): WebhookDispatcher | null {
    return this.#dispatchers.get(webhookId) ?? null;
  }

  all(): Iterable<WebhookDispatcher> {
    return this.#dispatchers.values();
  }

  add(webhook: Webhook): WebhookDispatcher {
    return this.#add(webhook, Promise.resolve());
  }

  /**
   * Ends the dispatcher of a webhook that was suspended, and aborts its calls. A new dispatcher replaces it, for the time
   * after the suspension. Load the new one to make dead letters of the pending deliveries.
   */
  suspend(webhook: Webhook): void {
    const dispatcher = this.get(webhook.id);
    dispatcher?.abortCalls();
    this.#add(webhook, dispatcher?.stop() ?? Promise.resolve());
  }

  /** Ends the dispatcher of a deleted webhook, aborts its calls, and then deletes what is left of the webhook. */
  remove(webhookId: string): void {
    const dispatcher = this.get(webhookId);
    this.#dispatchers.delete(webhookId);
    dispatcher?.abortCalls();
    const removal = this.#purge(webhookId, dispatcher).finally(() => this.#removals.delete(removal));
    this.#removals.add(removal);
  }

  /** Makes no more attempts. Waits for the calls under way, but aborts them after `STOP_GRACE_MS`. */
  async stop(): Promise<void> {
    const dispatchers = [...this.all()];
    const cancelAbort = this.#services.clock.after(STOP_GRACE_MS, () => {
      for (const dispatcher of dispatchers) dispatcher.abortCalls();
    });
    await Promise.all([...dispatchers.map((dispatcher) => dispatcher.stop()), ...this.#removals]);
    cancelAbort();
  }

  #add({ id: webhookId, row: { ordering } }: Webhook, predecessor: Promise<void>): WebhookDispatcher {
    const dispatcher = new WebhookDispatcher({ webhookId, ordering, predecessor }, this.#services);
    this.#dispatchers.set(webhookId, dispatcher);
    return dispatcher;
  }

  async #purge(webhookId: string, dispatcher: WebhookDispatcher | null): Promise<void> {
    await dispatcher?.stop();
    // If this fails, the next start does it: the webhook's row stays until nothing else is left.
    await this.#services.stored.purge(webhookId).catch(() => undefined);
  }
}
