import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Caller } from '../auth/caller.js';
import { Clock } from '../clock/clock.js';
import type { UserId } from '../core/ids.js';
import { OctoStoreError } from '../errors/octostore-error.js';
import { LockStore } from '../store/lock-store.js';
import { DeliveryCaller } from './delivery-caller.js';
import type { CreateWebhookRequest, WebhookResponse } from './dto/webhook.dto.js';
import { WebhookEngine } from './webhook-engine.js';
import { presentWebhook } from './webhook-presenter.js';
import { WebhookRegistry } from './webhook-registry.js';
import { WebhookSuspensions } from './webhook-suspensions.js';
import { ALL_EVENTS, Webhook, WEBHOOKS_PER_USER_MAX } from './webhook.js';

/** The webhooks of users. */
@Injectable()
export class WebhooksService {
  constructor(
    private readonly store: LockStore,
    private readonly clock: Clock,
    private readonly registry: WebhookRegistry,
    private readonly engine: WebhookEngine,
    private readonly calls: DeliveryCaller,
    private readonly suspensions: WebhookSuspensions,
  ) {}

  /** Adds a webhook, which is told of everything that happens from now on. */
  create(request: CreateWebhookRequest, { userId }: Caller): Promise<WebhookResponse> {
    return this.store.settleRefusal(() => this.#create(request, userId));
  }

  list({ userId }: Caller): Promise<WebhookResponse[]> {
    return this.store.read(() => this.registry.ofUser(userId).map(presentWebhook));
  }

  remove(webhookId: string, caller: Caller): Promise<void> {
    return this.store.settleRefusal(() => this.engine.remove(this.registry.owned(webhookId, caller.userId)));
  }

  async #create(request: CreateWebhookRequest, userId: UserId): Promise<WebhookResponse> {
    this.store.admission.admit('new');
    const problem = this.calls.problemWithUrl(request.url);
    if (problem !== null) throw new OctoStoreError('webhook_url_invalid', { details: problem });
    if (this.registry.countOfUser(userId) >= WEBHOOKS_PER_USER_MAX) {
      const details = `The limit is ${WEBHOOKS_PER_USER_MAX} webhooks.`;
      throw new OctoStoreError('webhook_limit_exceeded', { details });
    }
    const webhook = this.#make(request, userId);
    await this.engine.add(webhook);
    return presentWebhook(webhook);
  }

  #make(request: CreateWebhookRequest, userId: UserId): Webhook {
    const { url, secret, events, lock_pattern, ordering } = request;
    return new Webhook({
      webhookId: randomUUID(),
      userId,
      url,
      sealedSecret: typeof secret === 'string' ? this.calls.seal(secret) : null,
      events: JSON.stringify([...new Set(events ?? [ALL_EVENTS])]),
      lockPattern: lock_pattern ?? null,
      startsAfter: this.engine.lastSequence,
      disabledReason: null,
      // The token may have ended since the request was let in.
      suspendedBy: this.suspensions.reasonFor(userId),
      ordering: ordering ?? 'in_order',
      failingSince: null,
      createdAt: this.clock.wallMs(),
      deletedAt: null,
    });
  }
}
