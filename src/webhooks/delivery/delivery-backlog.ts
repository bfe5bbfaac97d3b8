import { Injectable } from '@nestjs/common';
import { WebhookRegistry } from '../subscriptions/webhook-registry.js';
import { WebhookDispatchers } from './webhook-dispatchers.js';

export interface Backlog {
  readonly webhooks: number;
  /** Deliveries that are not finished. */
  readonly pending: number;
  /** Dead deliveries that are still kept. */
  readonly dead: number;
}

/** Counts pending and dead deliveries, for metrics and operators. */
@Injectable()
export class DeliveryBacklog {
  constructor(
    private readonly registry: WebhookRegistry,
    private readonly dispatchers: WebhookDispatchers,
  ) {}

  /** Only adds up the counts of the queues, so it is cheap enough for every scrape. */
  count(): Backlog {
    let pending = 0;
    let dead = 0;
    for (const dispatcher of this.dispatchers.all()) {
      pending += dispatcher.pendingCount;
      dead += dispatcher.deadCount;
    }
    return { webhooks: this.registry.size, pending, dead };
  }
}
