import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { Accounts } from '../../auth/accounts.js';
import type { UserId } from '../../core/model/ids.js';
import { WebhookRegistry } from '../subscriptions/webhook-registry.js';
import { WebhooksService } from './webhooks.service.js';

/** Deletes the webhooks of accounts that are deleted. Until then they are suspended, because such an account has no token. */
@Injectable()
export class DeletedOwners implements OnModuleInit {
  constructor(
    private readonly accounts: Accounts,
    private readonly registry: WebhookRegistry,
    private readonly webhooks: WebhooksService,
    @Inject(HttpAdapterHost) private readonly host: Pick<HttpAdapterHost, 'listen$'>,
  ) {}

  onModuleInit(): void {
    this.accounts.serviceChanges.onRemoved((userId) => this.#deleteAllOf(userId));
    // If the write fails, the process ends, and the next start tries again.
    this.host.listen$.subscribe(() => void this.#deleteWhatIsLeft().catch(() => undefined));
  }

  /** A server that was killed may have left some. */
  async #deleteWhatIsLeft(): Promise<void> {
    const owners = new Set([...this.registry.all()].map(({ userId }) => userId));
    for (const userId of owners) if (this.accounts.isDeleted(userId)) await this.#deleteAllOf(userId);
  }

  async #deleteAllOf(userId: UserId): Promise<void> {
    for (const webhook of this.registry.ofUser(userId)) await this.webhooks.delete(webhook);
  }
}
