import {
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnModuleInit,
} from '@nestjs/common';
import { Clock } from '../clock/clock.js';
import { LockStore } from '../store/lock-store.js';
import { RowChanges } from '../journal/row-changes.js';
import { DeliveryWorkers } from './delivery-workers.js';
import { EventFanOut } from './event-fan-out.js';
import { Pump } from './pump.js';
import { WebhookRegistry } from './webhook-registry.js';
import { WebhookSuspensions } from './webhook-suspensions.js';
import type { Webhook } from './webhook.js';

/** Starts and stops everything that moves, and lets webhooks come and go while it does. */
@Injectable()
export class WebhookEngine implements OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #start: Pump;
  #isStopped = false;

  constructor(
    private readonly store: LockStore,
    clock: Clock,
    private readonly registry: WebhookRegistry,
    private readonly workers: DeliveryWorkers,
    private readonly fanOut: EventFanOut,
    private readonly suspensions: WebhookSuspensions,
  ) {
    this.#start = new Pump(clock, 'webhook start', () => this.#takeUp());
  }

  async onModuleInit(): Promise<void> {
    await this.suspensions.open();
    await this.fanOut.open();
    for (const webhook of this.registry.all()) this.workers.add(webhook);
  }

  /** Takes up what was left of the last run, while requests are being served already. */
  onApplicationBootstrap(): void {
    this.#start.poke();
    this.suspensions.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#isStopped = true;
    await this.#start.stop();
    await this.suspensions.stop();
    await this.fanOut.stop();
    await this.workers.stop();
  }

  /** The last event that a webhook which is added now is not told of. */
  get lastSequence(): number {
    return this.fanOut.lastSequence;
  }

  /** Adds a webhook. Resolves when it is durable. */
  async add(webhook: Webhook): Promise<void> {
    const rows = new RowChanges();
    this.registry.put(webhook, rows);
    const durable = this.store.write(this.fanOut.saveCursor(rows));
    this.workers.add(webhook).begin();
    await durable;
  }

  /** Deletes a webhook with its deliveries. Resolves when that is durable; the deliveries are cleared away later. */
  async remove(webhook: Webhook): Promise<void> {
    const rows = new RowChanges();
    this.registry.remove(webhook, rows);
    const durable = this.store.write(rows);
    this.workers.remove(webhook.id);
    await durable;
  }

  async #takeUp(): Promise<void> {
    for (const webhookId of this.registry.deletedIds) this.workers.remove(webhookId);
    for (const worker of this.workers.all()) {
      if (this.#isStopped) return;
      await worker.load();
    }
    this.fanOut.start();
  }
}
