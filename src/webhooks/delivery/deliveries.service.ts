import { Injectable } from '@nestjs/common';
import { Access } from '../../access/access.js';
import type { Caller } from '../../auth/caller.js';
import { OctoStoreError } from '../../errors/octostore-error.js';
import { LockStore } from '../../store/lock-store.js';
import { WebhookRegistry } from '../subscriptions/webhook-registry.js';
import { presentDelivery } from './delivery-presenter.js';
import type { Delivery } from './delivery.js';
import {
  PAGE_LIMIT,
  type DeliveriesResponse,
  type DeliveryResponse,
  type ListDeliveriesQuery,
} from './delivery.dto.js';
import { StoredDeliveries } from './stored-deliveries.js';
import { visibleTo } from './visible-delivery.js';
import type { WebhookDispatcher } from './webhook-dispatcher.js';
import { WebhookDispatchers } from './webhook-dispatchers.js';

interface Found {
  readonly dispatcher: WebhookDispatcher;
  readonly delivery: Delivery;
}

/** Lists, redelivers and skips the deliveries of a user's webhooks. */
@Injectable()
export class DeliveriesService {
  constructor(
    private readonly store: LockStore,
    private readonly registry: WebhookRegistry,
    private readonly dispatchers: WebhookDispatchers,
    private readonly stored: StoredDeliveries,
    private readonly access: Access,
  ) {}

  /** A page of a webhook's deliveries, newest event first. */
  list(webhookId: string, query: ListDeliveriesQuery, caller: Caller): Promise<DeliveriesResponse> {
    return this.store.settleRefusal(() => this.#list(webhookId, query, caller));
  }

  /** Sends a delivery again. Throws `webhook_disabled` or `webhook_suspended` if the webhook is not active. */
  redeliver(webhookId: string, deliveryId: string, caller: Caller): Promise<DeliveryResponse> {
    return this.store.settleRefusal(async () => {
      const { dispatcher, delivery } = await this.#find(webhookId, deliveryId, caller);
      return this.#present(await dispatcher.redeliver(delivery));
    });
  }

  /** Makes a pending delivery a dead letter. Throws `delivery_not_pending` if it is finished. */
  skip(webhookId: string, deliveryId: string, caller: Caller): Promise<DeliveryResponse> {
    return this.store.settleRefusal(async () => {
      const { dispatcher, delivery } = await this.#find(webhookId, deliveryId, caller);
      return this.#present(await dispatcher.skip(delivery));
    });
  }

  async #list(webhookId: string, query: ListDeliveriesQuery, caller: Caller): Promise<DeliveriesResponse> {
    const limit = query.limit ?? PAGE_LIMIT.default;
    this.registry.owned(webhookId, caller);
    await this.store.settled();
    // One more than the limit, to know whether there is another page.
    const rows = await this.stored.newest(webhookId, limit + 1, query.before ?? null);
    const page = rows.slice(0, limit);
    return {
      deliveries: page
        .map((row) => visibleTo(caller, row, this.access))
        .filter((row) => row !== null)
        .map((row) => this.#present(row)),
      next_before: rows.length > limit ? (page.at(-1)?.sequence ?? null) : null,
    };
  }

  async #find(webhookId: string, deliveryId: string, caller: Caller): Promise<Found> {
    this.registry.owned(webhookId, caller).assertActive();
    const delivery = await this.stored.find(deliveryId);
    // The webhook may have been deleted or suspended in the meantime.
    this.registry.owned(webhookId, caller).assertActive();
    const dispatcher = this.dispatchers.get(webhookId);
    const isFound = delivery?.webhookId === webhookId && visibleTo(caller, delivery, this.access) !== null;
    if (!isFound || dispatcher === null) {
      throw new OctoStoreError('delivery_not_found');
    }
    return { dispatcher, delivery };
  }

  #present(row: Delivery): DeliveryResponse {
    return presentDelivery(row, (instant) => this.store.toWallMs(instant));
  }
}
