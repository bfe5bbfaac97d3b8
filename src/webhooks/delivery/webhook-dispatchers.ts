import { Injectable } from '@nestjs/common';
import { Clock } from '../../clock/clock.js';
import { DeliveryArchive } from './stored-deliveries.js';
import { DeliveryCaller } from '../transport/webhook-sender.js';
import { DeliveryLedger } from './delivery-recorder.js';
import { DeliverySlots } from './call-limit.js';
import { DeliveryWorker } from './webhook-dispatcher.js';
import type { Webhook } from '../subscriptions/webhook.js';
import type { WorkerParts } from './delivery-services.js';

/** How long calls that are under way may go on once the service is to stop. */
export const STOP_GRACE_MS = 5_000;

/** One worker for each webhook. */
@Injectable()
export class DeliveryWorkers {
  readonly #parts: WorkerParts;
  readonly #workers = new Map<string, DeliveryWorker>();
  readonly #removals = new Set<Promise<void>>();

  constructor(clock: Clock, archive: DeliveryArchive, caller: DeliveryCaller, ledger: DeliveryLedger) {
    this.#parts = { clock, archive, caller, ledger, slots: new DeliverySlots(clock) };
  }

  get(webhookId: string): DeliveryWorker | null {
    return this.#workers.get(webhookId) ?? null;
  }

  all(): Iterable<DeliveryWorker> {
    return this.#workers.values();
  }

  add(webhook: Webhook): DeliveryWorker {
    return this.#add(webhook, Promise.resolve());
  }

  /**
   * Ends the work for a webhook that was suspended, the calls that are under way included. Another worker takes its place, for
   * the time after the suspension; loading it gives up what waits.
   */
  suspend(webhook: Webhook): void {
    const worker = this.get(webhook.id);
    worker?.cut();
    this.#add(webhook, worker?.stop() ?? Promise.resolve());
  }

  /** Ends the work for a webhook and, once its deletion is durable, clears away what is left of it. */
  remove(webhookId: string): void {
    const worker = this.get(webhookId);
    this.#workers.delete(webhookId);
    worker?.cut();
    const removal = this.#clearAway(webhookId, worker).finally(() => this.#removals.delete(removal));
    this.#removals.add(removal);
  }

  /** Makes no more attempts. Waits for those under way, but cuts them off after a while. */
  async stop(): Promise<void> {
    const workers = [...this.all()];
    const cancelCut = this.#parts.clock.after(STOP_GRACE_MS, () => {
      for (const worker of workers) worker.cut();
    });
    await Promise.all([...workers.map((worker) => worker.stop()), ...this.#removals]);
    cancelCut();
  }

  #add({ id: webhookId, row: { ordering } }: Webhook, predecessor: Promise<void>): DeliveryWorker {
    const worker = new DeliveryWorker({ webhookId, ordering, predecessor }, this.#parts);
    this.#workers.set(webhookId, worker);
    return worker;
  }

  async #clearAway(webhookId: string, worker: DeliveryWorker | null): Promise<void> {
    await worker?.stop();
    // What fails here is done at the next start: a deletion is remembered until nothing is left.
    await this.#parts.archive.purge(webhookId).catch(() => undefined);
  }
}
