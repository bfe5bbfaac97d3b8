import { Injectable } from '@nestjs/common';
import { Clock } from '../clock/clock.js';
import { DeliveryArchive } from './delivery-archive.js';
import { DeliveryCaller } from './delivery-caller.js';
import { DeliveryLedger } from './delivery-ledger.js';
import { DeliverySlots } from './delivery-slots.js';
import { DeliveryWorker, type WorkerParts } from './delivery-worker.js';

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

  add(webhookId: string): DeliveryWorker {
    const worker = new DeliveryWorker(webhookId, this.#parts);
    this.#workers.set(webhookId, worker);
    return worker;
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

  async #clearAway(webhookId: string, worker: DeliveryWorker | null): Promise<void> {
    await worker?.stop();
    // What fails here is done at the next start: a deletion is remembered until nothing is left.
    await this.#parts.archive.purge(webhookId).catch(() => undefined);
  }
}
