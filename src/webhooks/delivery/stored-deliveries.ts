import { Injectable } from '@nestjs/common';
import { LockStore } from '../../store/lock-store.js';
import { RowChanges } from '../../journal/row-changes.js';
import type { DeadReason } from '../../journal/rows/delivery-row.js';
import { Journal } from '../../journal/journal.js';
import type { QueuedDelivery } from './delivery-queue.js';
import { deliveryIdOf, asDeadLetter, type Delivery } from './delivery.js';
import { KEPT_PER_WEBHOOK } from './finished-deliveries.js';

/** How many deliveries are read or written at a time. Small enough that no commit and no turn of the event loop takes long. */
const PAGE = 200;

/** Reads the stored deliveries of webhooks, and changes many of them at a time. */
@Injectable()
export class StoredDeliveries {
  constructor(
    private readonly store: LockStore,
    private readonly journal: Journal,
  ) {}

  /** A delivery, read after everything written so far has become durable. Null if there is none. */
  async find(deliveryId: string): Promise<Delivery | null> {
    await this.store.settled();
    return this.journal.row('deliveries', deliveryId);
  }

  /** The newest deliveries of a webhook, newest first. If `before` is not null, only those of events before that sequence. */
  newest(webhookId: string, limit: number, before: number | null): Promise<Delivery[]> {
    const range = { of: webhookId, limit, isDescending: true, ...(before === null ? {} : { before }) };
    return this.journal.page('deliveries', 'of_webhook', range);
  }

  /** Reads some deliveries of a webhook, given in ascending order. Leaves out those that are not stored. */
  async read(webhookId: string, sequences: readonly number[]): Promise<Delivery[]> {
    const last = sequences.at(-1);
    if (last === undefined) return [];
    const wanted = new Set(sequences);
    // Usually the wanted sequences are consecutive, so one page has all of them.
    const page = await this.newest(webhookId, sequences.length, last + 1);
    const found: Delivery[] = page.filter(({ sequence }) => wanted.delete(sequence));
    for (const sequence of wanted) {
      const row = await this.journal.row('deliveries', deliveryIdOf(webhookId, sequence));
      if (row !== null) found.push(row);
    }
    return found;
  }

  /** The parts that a webhook's queue needs of each of its deliveries, in ascending order. */
  async load(webhookId: string): Promise<QueuedDelivery[]> {
    const loaded: QueuedDelivery[] = [];
    for await (const page of this.#pages(webhookId)) loaded.push(...page.map(forQueue));
    return loaded.toReversed();
  }

  /** Makes dead letters of some pending deliveries, because the webhook has too many, and deletes others. */
  async giveUp(webhookId: string, sequences: readonly number[], forgotten: readonly number[]): Promise<void> {
    const rows = new RowChanges();
    for (const row of await this.read(webhookId, sequences)) {
      rows.put('deliveries', asDeadLetter(row, 'backlog_full'));
    }
    for (const sequence of forgotten) rows.remove('deliveries', deliveryIdOf(webhookId, sequence));
    await this.store.write(rows);
  }

  /**
   * Makes dead letters of all pending deliveries of a webhook that is not active. If it is interrupted, run it again.
   *
   * @returns The remaining deliveries, as `load` would return them.
   */
  async giveUpAll(webhookId: string, reason: DeadReason): Promise<QueuedDelivery[]> {
    const left: QueuedDelivery[] = [];
    let deadCount = 0;
    for await (const page of this.#pages(webhookId)) {
      const rows = new RowChanges();
      let isChanged = false;
      for (const row of page) {
        const isKept = row.state === 'delivered' || deadCount < KEPT_PER_WEBHOOK.dead;
        const kept = row.state === 'pending' ? asDeadLetter(row, reason) : row;
        if (!isKept) rows.remove('deliveries', row.deliveryId);
        else if (kept !== row) rows.put('deliveries', kept);
        if (isKept) left.push(forQueue(kept));
        isChanged ||= !isKept || kept !== row;
        deadCount += isKept && kept.state === 'dead' ? 1 : 0;
      }
      if (isChanged) await this.store.write(rows);
    }
    return left.toReversed();
  }

  /** Deletes what is left of a deleted webhook. If it is interrupted, run it again. */
  async purge(webhookId: string): Promise<void> {
    for await (const page of this.#pages(webhookId)) {
      const rows = new RowChanges();
      for (const { deliveryId } of page) rows.remove('deliveries', deliveryId);
      await this.store.write(rows);
    }
    await this.store.write(new RowChanges().remove('webhooks', webhookId));
  }

  /** All deliveries of a webhook, newest first. */
  async *#pages(webhookId: string): AsyncGenerator<Delivery[]> {
    let before: number | null = null;
    await this.store.settled();
    for (;;) {
      const page = await this.newest(webhookId, PAGE, before);
      if (page.length > 0) yield page;
      if (page.length < PAGE) return;
      before = page.at(-1)?.sequence ?? null;
    }
  }
}

/** Leaves out the payload, which would use too much memory. */
function forQueue({ sequence, state, lane, nextAttemptAt }: Delivery): QueuedDelivery {
  return { sequence, state, lane, nextAttemptAt };
}
