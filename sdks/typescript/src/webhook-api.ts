import type { Caller } from './calls.js';
import { Fields } from './fields.js';
import { readDeliveries, readDelivery, readWebhook, readWebhookTest } from './readers.js';
import { readNothing } from './session.js';
import type { Deliveries, Delivery, NewWebhook, Webhook, WebhookTest } from './types.js';

export interface DeliveriesOptions {
  /** 1 to 100, 50 by default. */
  readonly limit?: number | undefined;
  /** The `nextBefore` of the previous page. */
  readonly before?: number | undefined;
}

/** The routes of webhooks. */
export class WebhookApi {
  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /** Creates a webhook. Each user can have ten. */
  async create({ url, secret, events, lockPattern, ordering }: NewWebhook): Promise<Webhook> {
    const body = { url, secret, events, lock_pattern: lockPattern, ordering };
    const { value } = await this.#caller.call({
      request: () => ({ method: 'POST', path: '/webhooks', body }),
      read: (text) => readWebhook(Fields.parse(text)),
      isSafe: false,
    });
    return value;
  }

  async list(): Promise<Webhook[]> {
    const { value } = await this.#caller.call({
      request: () => ({ method: 'GET', path: '/webhooks' }),
      read: readWebhooks,
      isSafe: true,
    });
    return value;
  }

  async delete(id: string): Promise<void> {
    await this.#caller.call({
      request: () => ({ method: 'DELETE', path: webhookPath(id) }),
      read: readNothing,
      isSafe: true,
      goneIs: undefined,
    });
  }

  /** The webhook's deliveries, newest event first. */
  async deliveries(id: string, { limit, before }: DeliveriesOptions = {}): Promise<Deliveries> {
    const query = new URLSearchParams();
    if (limit !== undefined) query.set('limit', String(limit));
    if (before !== undefined) query.set('before', String(before));
    const { value } = await this.#caller.call({
      request: () => ({ method: 'GET', path: `${webhookPath(id)}/deliveries?${query}` }),
      read: (text) => readDeliveries(Fields.parse(text)),
      isSafe: true,
    });
    return value;
  }

  /** Sends a delivery again. */
  redeliver(id: string, deliveryId: string): Promise<Delivery> {
    return this.#change(id, deliveryId, 'redeliver');
  }

  /** Skips a pending delivery, so that later ones can continue. */
  skip(id: string, deliveryId: string): Promise<Delivery> {
    return this.#change(id, deliveryId, 'skip');
  }

  /** Sends a test event once and returns the result. By default, at most ten per minute and user. */
  async test(id: string): Promise<WebhookTest> {
    const { value } = await this.#caller.call({
      request: () => ({ method: 'POST', path: `${webhookPath(id)}/test` }),
      read: (text) => readWebhookTest(Fields.parse(text)),
      isSafe: false,
    });
    return value;
  }

  async #change(id: string, deliveryId: string, verb: 'redeliver' | 'skip'): Promise<Delivery> {
    const path = `${webhookPath(id)}/deliveries/${encodeURIComponent(deliveryId)}/${verb}`;
    const { value } = await this.#caller.call({
      request: () => ({ method: 'POST', path }),
      read: (text) => readDelivery(Fields.parse(text)),
      isSafe: false,
    });
    return value;
  }
}

function readWebhooks(text: string): Webhook[] {
  const list: unknown = JSON.parse(text);
  if (!Array.isArray(list)) throw new TypeError('no list');
  return list.map((webhook) => readWebhook(Fields.of(webhook)));
}

function webhookPath(id: string): string {
  return `/webhooks/${encodeURIComponent(id)}`;
}
