import { Injectable } from '@nestjs/common';
import type { Caller } from '../auth/caller.js';
import { OctoStoreError } from '../errors/octostore-error.js';
import { LockStore } from '../store/lock-store.js';
import type { Delivery } from './delivery.js';
import { DeliveryArchive } from './delivery-archive.js';
import type { DeliveryWorker } from './delivery-worker.js';
import { DeliveryWorkers } from './delivery-workers.js';
import {
  PAGE_LIMIT,
  type DeliveriesResponse,
  type DeliveryResponse,
  type ListDeliveriesQuery,
} from './dto/delivery.dto.js';
import { presentDelivery } from './webhook-presenter.js';
import { WebhookRegistry } from './webhook-registry.js';

interface Found {
  readonly worker: DeliveryWorker;
  readonly delivery: Delivery;
}

/** The deliveries of a user's webhooks. */
@Injectable()
export class DeliveriesService {
  constructor(
    private readonly store: LockStore,
    private readonly registry: WebhookRegistry,
    private readonly workers: DeliveryWorkers,
    private readonly archive: DeliveryArchive,
  ) {}

  /** A page of a webhook's deliveries, newest event first. */
  list(webhookId: string, query: ListDeliveriesQuery, caller: Caller): Promise<DeliveriesResponse> {
    return this.store.settleRefusal(() => this.#list(webhookId, query, caller));
  }

  /** Makes a delivery once more. Throws `webhook_disabled` or `webhook_suspended` if the webhook is not called. */
  redeliver(webhookId: string, deliveryId: string, caller: Caller): Promise<DeliveryResponse> {
    return this.store.settleRefusal(async () => {
      const { worker, delivery } = await this.#find(webhookId, deliveryId, caller);
      return this.#present(await worker.redeliver(delivery));
    });
  }

  /** Gives up a delivery that waits. Throws `delivery_not_pending` if it has come to an end. */
  skip(webhookId: string, deliveryId: string, caller: Caller): Promise<DeliveryResponse> {
    return this.store.settleRefusal(async () => {
      const { worker, delivery } = await this.#find(webhookId, deliveryId, caller);
      return this.#present(await worker.skip(delivery));
    });
  }

  async #list(
    webhookId: string,
    query: ListDeliveriesQuery,
    { userId }: Caller,
  ): Promise<DeliveriesResponse> {
    const limit = query.limit ?? PAGE_LIMIT.default;
    this.registry.owned(webhookId, userId);
    await this.store.settled();
    // One more than asked for tells whether there is another page.
    const rows = await this.archive.newest(webhookId, limit + 1, query.before ?? null);
    const page = rows.slice(0, limit);
    return {
      deliveries: page.map((row) => this.#present(row)),
      next_before: rows.length > limit ? (page.at(-1)?.sequence ?? null) : null,
    };
  }

  async #find(webhookId: string, deliveryId: string, { userId }: Caller): Promise<Found> {
    this.registry.owned(webhookId, userId).assertActive();
    const delivery = await this.archive.find(deliveryId);
    // It may have been deleted or suspended meanwhile.
    this.registry.owned(webhookId, userId).assertActive();
    const worker = this.workers.get(webhookId);
    if (delivery?.webhookId !== webhookId || worker === null) {
      throw new OctoStoreError('delivery_not_found');
    }
    return { worker, delivery };
  }

  #present(row: Delivery): DeliveryResponse {
    return presentDelivery(row, (instant) => this.store.toWallMs(instant));
  }
}
