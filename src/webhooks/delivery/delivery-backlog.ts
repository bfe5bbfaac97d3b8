import { Injectable } from '@nestjs/common';
import { DeliveryWorkers } from './webhook-dispatchers.js';
import { WebhookRegistry } from '../subscriptions/webhook-registry.js';

export interface Backlog {
  readonly webhooks: number;
  /** Deliveries that wait to be made. */
  readonly pending: number;
  /** Deliveries that were given up and are still kept. */
  readonly dead: number;
}

/** How much there is to deliver, for graphs and operators. */
@Injectable()
export class DeliveryBacklog {
  constructor(
    private readonly registry: WebhookRegistry,
    private readonly workers: DeliveryWorkers,
  ) {}

  /** Adds up numbers that are at hand: cheap enough for every scrape. */
  count(): Backlog {
    let pending = 0;
    let dead = 0;
    for (const worker of this.workers.all()) {
      pending += worker.pendingCount;
      dead += worker.deadCount;
    }
    return { webhooks: this.registry.size, pending, dead };
  }
}
