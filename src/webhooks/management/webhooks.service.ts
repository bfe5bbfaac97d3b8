import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Access } from '../../access/access.js';
import { makerOf, type Caller } from '../../auth/caller.js';
import { Clock } from '../../clock/clock.js';
import { OctoStoreError } from '../../errors/octostore-error.js';
import { USUAL_EVENTS } from '../../events/event-types.js';
import { LockStore } from '../../store/lock-store.js';
import { RowChanges } from '../../journal/row-changes.js';
import { WebhookDispatchers } from '../delivery/webhook-dispatchers.js';
import { EventFanOut } from '../fan-out/event-fan-out.js';
import { WebhookRegistry } from '../subscriptions/webhook-registry.js';
import { type Webhook, WEBHOOKS_PER_USER_MAX } from '../subscriptions/webhook.js';
import { WebhookSender } from '../transport/webhook-sender.js';
import type { CreateWebhookRequest, WebhookResponse } from './dto/webhook.dto.js';
import { presentWebhook } from './webhook-presenter.js';
import { WebhookSuspensions } from './webhook-suspensions.js';

/** Creates, lists and deletes webhooks. */
@Injectable()
export class WebhooksService {
  constructor(
    private readonly store: LockStore,
    private readonly clock: Clock,
    private readonly registry: WebhookRegistry,
    private readonly dispatchers: WebhookDispatchers,
    private readonly fanOut: EventFanOut,
    private readonly sender: WebhookSender,
    private readonly suspensions: WebhookSuspensions,
    private readonly access: Access,
  ) {}

  /** Adds a webhook. It receives every event from now on. */
  create(request: CreateWebhookRequest, caller: Caller): Promise<WebhookResponse> {
    return this.store.settleRefusal(() => this.#create(request, caller));
  }

  list(caller: Caller): Promise<WebhookResponse[]> {
    return this.store.read(() => this.registry.ofCaller(caller).map(presentWebhook));
  }

  /** Deletes a user's webhook. Throws `webhook_not_found`. */
  remove(webhookId: string, caller: Caller): Promise<void> {
    return this.store.settleRefusal(() => this.delete(this.registry.owned(webhookId, caller)));
  }

  /**
   * Deletes a webhook. Resolves when that is durable; its deliveries are deleted later.
   *
   * @param rows other rows to write in the same commit.
   */
  async delete(webhook: Webhook, rows = new RowChanges()): Promise<void> {
    this.registry.remove(webhook, rows);
    this.dispatchers.remove(webhook.id);
    await this.store.write(rows);
  }

  async #create(request: CreateWebhookRequest, caller: Caller): Promise<WebhookResponse> {
    const { userId } = caller;
    this.store.admission.admit('new');
    const problem = this.sender.problemWithUrl(request.url);
    if (problem !== null) throw new OctoStoreError('webhook_url_invalid', { details: problem });
    const limit = this.access.limitsOf(userId).webhooks ?? WEBHOOKS_PER_USER_MAX;
    if (this.registry.countOfUser(userId) >= limit) {
      const details = `The limit is ${limit} webhooks.`;
      throw new OctoStoreError('webhook_limit_exceeded', { details });
    }
    const webhook = this.#make(request, caller);
    await this.#add(webhook);
    return presentWebhook(webhook);
  }

  async #add(webhook: Webhook): Promise<void> {
    const rows = new RowChanges();
    this.registry.put(webhook, rows);
    this.dispatchers.add(webhook).begin();
    await this.store.write(this.fanOut.saveCursor(rows));
  }

  #make(request: CreateWebhookRequest, caller: Caller): Webhook {
    const { userId } = caller;
    const madeWith = makerOf(caller);
    const { url, secret, events, lock_pattern, ordering } = request;
    return this.registry.webhookOf({
      webhookId: randomUUID(),
      userId,
      url,
      sealedSecret: typeof secret === 'string' ? this.sender.seal(secret) : null,
      events: JSON.stringify([...new Set(events ?? [USUAL_EVENTS])]),
      lockPattern: lock_pattern ?? null,
      startsAfter: this.fanOut.lastSequence,
      disabledReason: null,
      // The token may have been revoked since the request began.
      suspendedBy: this.suspensions.reasonFor({ userId, madeWith }),
      ordering: ordering ?? 'in_order',
      failingSince: null,
      createdAt: this.clock.wallMs(),
      deletedAt: null,
      madeWith,
    });
  }
}
