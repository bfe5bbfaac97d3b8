import { Injectable } from '@nestjs/common';
import type { DeadReason } from '../journal/rows/delivery-row.js';
import { Journal } from '../journal/journal.js';
import { LockStore } from '../store/lock-store.js';
import { RowChanges } from '../journal/row-changes.js';
import { KEPT_PER_WEBHOOK } from './delivery-history.js';
import type { QueuedDelivery } from './delivery-queue.js';
import { deliveryIdOf, givenUp, type Delivery } from './delivery.js';

/** Deliveries that are read, or written, at a time: no commit and no turn of the event loop is long because of them. */
const PAGE = 200;

/** The stored deliveries of webhooks, where more than one at a time is concerned. */
@Injectable()
export class DeliveryArchive {
  constructor(
    private readonly store: LockStore,
    private readonly journal: Journal,
  ) {}

  /** One delivery as it is on disk once all that has been written so far is; null if there is none. */
  async find(deliveryId: string): Promise<Delivery | null> {
    await this.store.settled();
    return this.journal.row('deliveries', deliveryId);
  }

  /** The newest deliveries of a webhook that are on disk, of events before a sequence or of all; the newest first. */
  newest(webhookId: string, limit: number, before: number | null): Promise<Delivery[]> {
    const range = { of: webhookId, limit, isDescending: true, ...(before === null ? {} : { before }) };
    return this.journal.page('deliveries', 'of_webhook', range);
  }

  /** Some deliveries of a webhook that are on disk, given in ascending order. Those that are not there are left out. */
  async read(webhookId: string, sequences: readonly number[]): Promise<Delivery[]> {
    const last = sequences.at(-1);
    if (last === undefined) return [];
    const wanted = new Set(sequences);
    // As a rule nothing lies between them, so that one page has them all.
    const page = await this.newest(webhookId, sequences.length, last + 1);
    const found: Delivery[] = page.filter(({ sequence }) => wanted.delete(sequence));
    for (const sequence of wanted) {
      const row = await this.journal.row('deliveries', deliveryIdOf(webhookId, sequence));
      if (row !== null) found.push(row);
    }
    return found;
  }

  /** What the queue of a webhook needs to know of all its deliveries, in ascending order. */
  async load(webhookId: string): Promise<QueuedDelivery[]> {
    const loaded: QueuedDelivery[] = [];
    for await (const page of this.#pages(webhookId)) {
      for (const { sequence, state, lane, nextAttemptAt } of page) {
        loaded.push({ sequence, state, lane, nextAttemptAt });
      }
    }
    return loaded.toReversed();
  }

  /** Gives up some of the deliveries that wait in a webhook's queue, and forgets others. */
  async giveUp(webhookId: string, sequences: readonly number[], forgotten: readonly number[]): Promise<void> {
    const rows = new RowChanges();
    for (const row of await this.read(webhookId, sequences)) {
      rows.put('deliveries', givenUp(row, 'backlog_full'));
    }
    for (const sequence of forgotten) rows.remove('deliveries', deliveryIdOf(webhookId, sequence));
    await this.store.write(rows);
  }

  /**
   * Gives up everything that waits for a webhook which is not called any more, or not for now. It may have been interrupted
   * before.
   *
   * @returns How many dead deliveries of the webhook there are now.
   */
  async giveUpAll(webhookId: string, reason: DeadReason): Promise<number> {
    let deadCount = 0;
    for await (const page of this.#pages(webhookId)) {
      const rows = new RowChanges();
      let isChanged = false;
      for (const row of page.filter(({ state }) => state !== 'delivered')) {
        const isKept = deadCount < KEPT_PER_WEBHOOK.dead;
        if (!isKept) rows.remove('deliveries', row.deliveryId);
        else if (row.state === 'pending') rows.put('deliveries', givenUp(row, reason));
        isChanged ||= !isKept || row.state === 'pending';
        deadCount += isKept ? 1 : 0;
      }
      if (isChanged) await this.store.write(rows);
    }
    return deadCount;
  }

  /** Clears away a deleted webhook with all its deliveries. It may have been interrupted before. */
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
