import type { Instant } from '../core/model/time.js';
import type { DeliveryQueue } from './delivery-queue.js';
import type { Delivery } from './delivery.js';
import { Pump } from './pump.js';
import type { Receiver } from './receiver.js';
import { DISABLED_REASONS } from './webhook.js';
import type { WorkerParts } from './worker-parts.js';

/** Deliveries that are read from disk at a time. */
const READ_AHEAD = 20;

/** What the lanes of a webhook share. */
export interface LaneTask {
  readonly webhookId: string;
  readonly queue: DeliveryQueue;
  /** Ends the call that is under way, which counts as not made, and all later ones. */
  readonly cut: AbortSignal;
  /** Nothing can be attempted before then. */
  readonly onWait: (now: Instant, until: Instant) => void;
  /** The webhook was disabled by what came of an attempt. */
  readonly onDisabled: () => Promise<void>;
}

/** Makes one delivery after another, over a connection of its own. */
export class DeliveryLane {
  readonly #task: LaneTask;
  readonly #parts: WorkerParts;
  readonly #pump: Pump;
  /** Deliveries that have been read and not been attempted since. */
  readonly #ahead = new Map<number, Delivery>();
  #receiver: Receiver | null = null;
  #isStopped = false;

  constructor(task: LaneTask, parts: WorkerParts) {
    this.#task = task;
    this.#parts = parts;
    this.#pump = new Pump(parts.clock, 'webhook deliveries', () => this.#deliver());
  }

  /** There may be something to deliver. */
  poke(): void {
    this.#pump.poke();
  }

  /** What was read of a delivery no longer holds. */
  forget(sequence: number): void {
    this.#ahead.delete(sequence);
  }

  /** Begins no more attempts. */
  halt(): void {
    this.#isStopped = true;
  }

  /** Begins no more attempts and waits for the one that is under way. */
  async stop(): Promise<void> {
    this.halt();
    await this.#pump.stop();
    this.close();
  }

  /** Drops the connection. */
  close(): void {
    this.#receiver?.close();
  }

  async #deliver(): Promise<void> {
    const { queue, webhookId, onWait } = this.#task;
    const { ledger } = this.#parts;
    while (!this.#isStopped && ledger.active(webhookId) !== null) {
      const now = queue.hasRetries ? await ledger.now() : null;
      const next = queue.next(now);
      if (next.kind === 'nothing') return;
      if (next.kind === 'wait') return onWait(now ?? next.until, next.until);
      await this.#attemptInTurn(next.sequence);
    }
  }

  async #attemptInTurn(sequence: number): Promise<void> {
    const { queue } = this.#task;
    queue.begin(sequence);
    try {
      await this.#parts.slots.use(() => this.#attempt(sequence));
    } finally {
      queue.end(sequence);
    }
  }

  async #attempt(sequence: number): Promise<void> {
    const { caller, ledger } = this.#parts;
    const { webhookId, queue, cut, onDisabled } = this.#task;
    const delivery = await this.#read(sequence);
    if (delivery === null) queue.drop(sequence);
    const webhook = ledger.active(webhookId);
    // While it waited for its turn it may have been skipped, and much else may have happened.
    if (this.#isStopped || webhook === null || delivery === null || !queue.isUnderWay(sequence)) return;
    this.#receiver ??= caller.receiverFor(webhook);
    const result = await caller.call(webhook, delivery, this.#receiver, cut);
    if (result.kind === 'answered') await ledger.record({ delivery, ...result }, queue);
    if (result.kind === 'secret_lost') await ledger.disable(webhookId, DISABLED_REASONS.secretLost);
    // A webhook that was deleted or suspended is not this lane's affair any more.
    if (ledger.active(webhookId) === null && !cut.aborted) await onDisabled();
  }

  async #read(sequence: number): Promise<Delivery | null> {
    if (!this.#ahead.has(sequence)) {
      this.#ahead.clear();
      const { queue, webhookId } = this.#task;
      const following = queue.startingWith(sequence, READ_AHEAD);
      for (const delivery of await this.#parts.archive.read(webhookId, following)) {
        this.#ahead.set(delivery.sequence, delivery);
      }
    }
    const delivery = this.#ahead.get(sequence) ?? null;
    this.#ahead.delete(sequence);
    return delivery;
  }
}
