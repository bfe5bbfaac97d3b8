import { Injectable } from '@nestjs/common';
import type { Caller } from '../auth/caller.js';
import { OctoStoreError } from '../errors/octostore-error.js';
import { Journal } from '../store/journal.js';
import { LockStore } from '../store/lock-store.js';
import type { Delivery } from './delivery.js';
import { DeliveryArchive } from './delivery-archive.js';
import { DeliveryWorkers } from './delivery-workers.js';
import {
  PAGE_LIMIT,
  type DeliveriesResponse,
  type DeliveryResponse,
  type ListDeliveriesQuery,
} from './dto/delivery.dto.js';
import { presentDelivery } from './webhook-presenter.js';
import { WebhookRegistry } from './webhook-registry.js';

/** The deliveries of a user's webhooks. */
@Injectable()
export class DeliveriesService {
  constructor(
    private readonly store: LockStore,
    private readonly journal: Journal,
    private readonly registry: WebhookRegistry,
    private readonly workers: DeliveryWorkers,
    private readonly archive: DeliveryArchive,
  ) {}

  /** A page of a webhook's deliveries, newest event first. */
  async list(webhookId: string, query: ListDeliveriesQuery, { userId }: Caller): Promise<DeliveriesResponse> {
    const limit = query.limit ?? PAGE_LIMIT.default;
    await this.store.read(() => this.registry.owned(webhookId, userId));
    // One more than asked for tells whether there is another page.
    const rows = await this.journal.deliveries({
      webhookId,
      limit: limit + 1,
      before: query.before ?? null,
    });
    const page = rows.slice(0, limit);
    return {
      deliveries: page.map((row) => this.#present(row)),
      next_before: rows.length > limit ? (page.at(-1)?.sequence ?? null) : null,
    };
  }

  /** Makes a delivery once more. Throws `webhook_disabled` if the webhook is no longer called. */
  async redeliver(webhookId: string, deliveryId: string, { userId }: Caller): Promise<DeliveryResponse> {
    const webhook = this.registry.owned(webhookId, userId);
    if (!webhook.isActive) throw new OctoStoreError('webhook_disabled');
    const delivery = await this.archive.find(deliveryId);
    const worker = this.workers.get(webhookId);
    if (delivery?.webhookId !== webhookId || worker === null) {
      throw new OctoStoreError('delivery_not_found');
    }
    return this.#present(await worker.redeliver(delivery));
  }

  #present(row: Delivery): DeliveryResponse {
    return presentDelivery(row, (instant) => this.store.toWallMs(instant));
  }
}
