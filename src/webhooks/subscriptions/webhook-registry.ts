import type { Clock } from '../../clock/clock.js';
import type { UserId } from '../../core/model/ids.js';
import { OctoStoreError } from '../../errors/octostore-error.js';
import type { Journal } from '../../journal/journal.js';
import type { RowChanges } from '../../journal/row-changes.js';
import { DurableMap } from '../../store/durable-map.js';
import type { WebhookRow } from '../../journal/rows/webhook-row.js';
import { Webhook, type Makers } from './webhook.js';

/**
 * All webhooks, by id and by owner. They are kept in memory only here.
 *
 * Memory is ahead of the disk, like the store's own state. So a change puts its row into `rows`, which you must write before
 * any other code runs. To answer a client from the registry, use `LockStore.read`. To refuse a request because of it, use
 * `LockStore.settleRefusal`.
 */
export class WebhookRegistry {
  readonly #makers: Makers;
  readonly #webhooks: DurableMap<string, Webhook>;
  readonly #active = new Map<string, Webhook>();
  readonly #byUser = new Map<UserId, Map<string, Webhook>>();

  /** Webhooks that were deleted in an earlier run, but whose deliveries are not deleted yet. */
  readonly deletedIds: readonly string[];

  private constructor(deletedIds: readonly string[], clock: Clock, makers: Makers) {
    this.#makers = makers;
    this.deletedIds = deletedIds;
    this.#webhooks = new DurableMap({
      put: (rows, { row }) => rows.put('webhooks', { ...row }),
      // The row is deleted after the deliveries.
      remove: (rows, { row }) => rows.put('webhooks', { ...row, deletedAt: clock.wallMs() }),
    });
  }

  static async open(journal: Journal, clock: Clock, makers: Makers): Promise<WebhookRegistry> {
    const rows = await journal.load('webhooks');
    const deleted = rows.filter(({ deletedAt }) => deletedAt !== null);
    const registry = new WebhookRegistry(
      deleted.map(({ webhookId }) => webhookId),
      clock,
      makers,
    );
    for (const row of rows) if (row.deletedAt === null) registry.#load(registry.webhookOf(row));
    return registry;
  }

  get size(): number {
    return this.#webhooks.ahead.size;
  }

  get hasActive(): boolean {
    return this.#active.size > 0;
  }

  get(webhookId: string): Webhook | null {
    return this.#webhooks.ahead.get(webhookId) ?? null;
  }

  /** A webhook with this row. It is not added. */
  webhookOf(row: Readonly<WebhookRow>): Webhook {
    return new Webhook(row, this.#makers);
  }

  /** A user's webhook. Throws `webhook_not_found` if there is none, or if it belongs to someone else. */
  owned(webhookId: string, userId: UserId): Webhook {
    const webhook = this.get(webhookId);
    if (webhook?.userId !== userId) throw new OctoStoreError('webhook_not_found');
    return webhook;
  }

  /** A webhook of any user. Throws `webhook_not_found` if there is none. */
  existing(webhookId: string): Webhook {
    const webhook = this.get(webhookId);
    if (webhook === null) throw new OctoStoreError('webhook_not_found');
    return webhook;
  }

  /** All webhooks, including those that are not active. */
  all(): Iterable<Webhook> {
    return this.#webhooks.ahead.values();
  }

  /** The active webhooks. */
  active(): Iterable<Webhook> {
    return this.#active.values();
  }

  /** A webhook. Null if it is not active, or does not exist. */
  activeOne(webhookId: string): Webhook | null {
    return this.#active.get(webhookId) ?? null;
  }

  /** A user's webhooks, oldest first. */
  ofUser(userId: UserId): Webhook[] {
    const webhooks = [...(this.#byUser.get(userId)?.values() ?? [])];
    return webhooks.toSorted((a, b) => a.row.createdAt - b.row.createdAt || (a.id < b.id ? -1 : 1));
  }

  countOfUser(userId: UserId): number {
    return this.#byUser.get(userId)?.size ?? 0;
  }

  /** Adds a webhook, or replaces it after a change. */
  put(webhook: Webhook, rows: RowChanges): void {
    this.#webhooks.set(webhook.id, webhook, rows);
    this.#index(webhook);
  }

  /** Removes a webhook. Its row stays, marked as deleted, until its deliveries are deleted. */
  remove({ id, userId }: Webhook, rows: RowChanges): void {
    this.#webhooks.delete(id, rows);
    this.#active.delete(id);
    const ofUser = this.#byUser.get(userId);
    ofUser?.delete(id);
    if (ofUser?.size === 0) this.#byUser.delete(userId);
  }

  #load(webhook: Webhook): void {
    this.#webhooks.load(webhook.id, webhook);
    this.#index(webhook);
  }

  #index(webhook: Webhook): void {
    if (webhook.isActive) this.#active.set(webhook.id, webhook);
    else this.#active.delete(webhook.id);
    const ofUser = this.#byUser.get(webhook.userId) ?? new Map<string, Webhook>();
    this.#byUser.set(webhook.userId, ofUser.set(webhook.id, webhook));
  }
}
