import { Inject, Injectable } from '@nestjs/common';
import type { AuditAction } from '../../audit/audit-action.js';
import { AuditTrail } from '../../audit/audit-trail.js';
import type { Origin } from '../../audit/origin.js';
import { Accounts } from '../../auth/accounts.js';
import { parseNamedUser } from '../../auth/tokens/named-user.js';
import { qualifiedLogin } from '../../auth/tokens/token-facts.js';
import { OctoStoreError } from '../../errors/octostore-error.js';
import { RowChanges } from '../../journal/row-changes.js';
import { LockStore } from '../../store/lock-store.js';
import { WebhookDispatchers } from '../delivery/webhook-dispatchers.js';
import { WebhookRegistry } from '../subscriptions/webhook-registry.js';
import type { Webhook } from '../subscriptions/webhook.js';
import {
  WEBHOOKS_PAGE,
  type AdministeredWebhook,
  type AdministeredWebhooks,
  type ListAllWebhooksQuery,
} from './dto/webhook-administration.dto.js';
import { compareAge, decodePosition, encodePosition, positionOf } from './webhook-cursor.js';
import { presentWebhook } from './webhook-presenter.js';
import { WebhookSuspensions } from './webhook-suspensions.js';
import { WebhooksService } from './webhooks.service.js';

/** Finds the owners of webhooks. */
type Owners = Pick<Accounts, 'loginOf' | 'user' | 'usersNamed'>;

/** The webhooks of all users, for operators. */
@Injectable()
export class WebhookAdministration {
  constructor(
    private readonly store: LockStore,
    @Inject(Accounts) private readonly accounts: Owners,
    private readonly registry: WebhookRegistry,
    private readonly dispatchers: WebhookDispatchers,
    private readonly suspensions: WebhookSuspensions,
    private readonly webhooks: WebhooksService,
    private readonly trail: AuditTrail,
  ) {}

  /** A page of all webhooks, or of those of one user, oldest first. */
  async list({ user, limit, cursor }: ListAllWebhooksQuery): Promise<AdministeredWebhooks> {
    const size = limit ?? WEBHOOKS_PAGE.default;
    const after = cursor === undefined ? null : decodePosition(cursor);
    return this.store.read(() => {
      const webhooks = this.#webhooksOf(user ?? null)
        .filter((webhook) => after === null || compareAge(positionOf(webhook), after) > 0)
        .toSorted((a, b) => compareAge(positionOf(a), positionOf(b)));
      const page = webhooks.slice(0, size);
      const last = page.at(-1);
      const next = webhooks.length > size && last !== undefined ? encodePosition(positionOf(last)) : null;
      return { webhooks: page.map((webhook) => this.#present(webhook)), next_cursor: next };
    });
  }

  /** Suspends a webhook until it is resumed. Throws `webhook_not_found`, and `webhook_disabled` if it is disabled. */
  async suspend(webhookId: string, origin: Origin): Promise<AdministeredWebhook> {
    await this.store.settleRefusal(() => {
      const webhook = this.#notDisabled(webhookId);
      return this.suspensions.suspend(webhook, (rows) =>
        this.#record('webhook.suspend', webhook, origin, rows),
      );
    });
    return this.#present(this.registry.existing(webhookId));
  }

  /**
   * Ends an operator's suspension. If the owner has no valid token, the webhook stays suspended for that reason.
   * Throws `webhook_not_found`, and `webhook_disabled` if it is disabled.
   */
  async resume(webhookId: string, origin: Origin): Promise<AdministeredWebhook> {
    await this.store.settleRefusal(() => {
      const webhook = this.#notDisabled(webhookId);
      return this.suspensions.resume(webhook, (rows) =>
        this.#record('webhook.resume', webhook, origin, rows),
      );
    });
    return this.#present(this.registry.existing(webhookId));
  }

  /** Deletes a webhook. Throws `webhook_not_found`. */
  async remove(webhookId: string, origin: Origin): Promise<void> {
    await this.store.settleRefusal(() => {
      const webhook = this.registry.existing(webhookId);
      const rows = new RowChanges();
      this.#record('webhook.delete', webhook, origin, rows);
      return this.webhooks.delete(webhook, rows);
    });
  }

  /** A URL may contain a secret, so only its host is recorded. */
  #record(
    action: Extract<AuditAction, `webhook.${string}`>,
    { id, userId, row: { url } }: Webhook,
    origin: Origin,
    rows: RowChanges,
  ): void {
    const details = { user_id: userId, user: this.#nameOf(userId), host: new URL(url).host };
    this.trail.record(rows, {
      action,
      origin,
      subject: { kind: 'webhook', id },
      outcome: 'ok',
      details,
    });
  }

  #webhooksOf(userText: string | null): Webhook[] {
    if (userText === null) return [...this.registry.all()];
    const users = this.accounts.usersNamed(parseNamedUser(userText));
    const ids = new Set(users.map(({ userId }) => userId));
    return [...this.registry.all()].filter(({ userId }) => ids.has(userId));
  }

  #notDisabled(webhookId: string): Webhook {
    const webhook = this.registry.existing(webhookId);
    if (webhook.status === 'disabled') throw new OctoStoreError('webhook_disabled');
    return webhook;
  }

  #present(webhook: Webhook): AdministeredWebhook {
    const dispatcher = this.dispatchers.get(webhook.id);
    return {
      ...presentWebhook(webhook),
      user: this.#nameOf(webhook.userId),
      deliveries_pending: dispatcher?.pendingCount ?? 0,
      deliveries_dead: dispatcher?.deadCount ?? 0,
    };
  }

  #nameOf(userId: Webhook['userId']): string {
    const owner = this.accounts.user(userId);
    return owner === null ? this.accounts.loginOf(userId) : qualifiedLogin(owner);
  }
}
