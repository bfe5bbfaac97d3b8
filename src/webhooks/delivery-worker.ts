import type { CancelTimer, Clock } from '../clock/clock.js';
import { OctoStoreError } from '../errors/octostore-error.js';
import type { DeliveryArchive } from './delivery-archive.js';
import type { DeliveryCaller } from './delivery-caller.js';
import type { DeliveryLedger } from './delivery-ledger.js';
import { DeliveryQueue } from './delivery-queue.js';
import type { DeliverySlots } from './delivery-slots.js';
import type { Delivery } from './delivery.js';
import { Pump } from './pump.js';
import type { Receiver } from './receiver.js';
import { DISABLED_REASONS } from './webhook.js';

/** Deliveries beyond the bound that are given up at a time. */
const OVERFLOW_BITE = 100;

/** Deliveries that are read from disk at a time. */
const READ_AHEAD = 20;

/** What workers share. */
export interface WorkerParts {
  readonly clock: Clock;
  readonly archive: DeliveryArchive;
  readonly caller: DeliveryCaller;
  readonly ledger: DeliveryLedger;
  readonly slots: DeliverySlots;
}

/** Makes the deliveries of one webhook, one at a time. */
export class DeliveryWorker {
  readonly #webhookId: string;
  readonly #parts: WorkerParts;
  readonly #queue = new DeliveryQueue();
  readonly #deliveries: Pump;
  readonly #overflow: Pump;
  readonly #cut = new AbortController();
  /** Deliveries that have been read and not been attempted since. */
  readonly #ahead = new Map<number, Delivery>();
  /** Finished deliveries that are just being queued once more. */
  readonly #requeued = new Set<number>();
  #isLoaded = false;
  #receiver: Receiver | null = null;
  #cancelWake: CancelTimer = () => undefined;
  #isStopped = false;
  /** Of a webhook that is no longer called. */
  #deadCount = 0;

  constructor(webhookId: string, parts: WorkerParts) {
    this.#webhookId = webhookId;
    this.#parts = parts;
    this.#deliveries = new Pump(parts.clock, 'webhook deliveries', () => this.#deliver());
    this.#overflow = new Pump(parts.clock, 'webhook backlog', () => this.#giveUpOverflow());
  }

  get pendingCount(): number {
    return this.#queue.pendingCount;
  }

  get deadCount(): number {
    return this.#queue.deadCount + this.#deadCount;
  }

  /** Takes in what was left of the last run, and begins. */
  async load(): Promise<void> {
    if (this.#isLoaded) return;
    const { archive, ledger } = this.#parts;
    if (ledger.active(this.#webhookId) === null) this.#deadCount = await archive.giveUpAll(this.#webhookId);
    else this.#queue.load(await archive.load(this.#webhookId));
    this.begin();
  }

  /** Begins with what is queued. */
  begin(): void {
    this.#isLoaded = true;
    this.#deliveries.poke();
    this.#overflow.poke();
  }

  /** Queues a delivery that is durable, of an event later than all others. */
  enqueue(sequence: number): void {
    if (this.#parts.ledger.active(this.#webhookId) === null) return;
    this.#queue.enqueue(sequence);
    this.#deliveries.poke();
    this.#overflow.poke();
  }

  /**
   * Makes a finished delivery once more. One that still waits for a retry is tried at once.
   *
   * @returns The delivery as it is now.
   * @throws `delivery_not_found` if it is not kept any more, `overloaded` if the last run has not been taken up yet.
   */
  async redeliver(delivery: Delivery): Promise<Delivery> {
    const { deliveryId, sequence } = delivery;
    if (!this.#isLoaded) throw new OctoStoreError('overloaded', { retryAfterMs: 1000 });
    if (this.#requeued.has(sequence)) return delivery;
    if (this.#queue.hasten(sequence)) {
      this.#deliveries.poke();
      return delivery;
    }
    if (!this.#queue.takeFinished(sequence)) throw new OctoStoreError('delivery_not_found');
    this.#requeued.add(sequence);
    this.#ahead.delete(sequence);
    const finished = await this.#parts.archive.find(deliveryId);
    const requeued = await this.#parts.ledger.requeue(finished ?? delivery);
    this.#queue.repeat(sequence);
    this.#requeued.delete(sequence);
    this.#deliveries.poke();
    return requeued;
  }

  /** Makes no more attempts and waits for the one that is under way. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancelWake();
    await Promise.all([this.#deliveries.stop(), this.#overflow.stop()]);
    this.#receiver?.close();
  }

  /** Ends the attempt that is under way. It counts as not made. */
  cut(): void {
    this.#cut.abort();
  }

  async #deliver(): Promise<void> {
    while (!this.#isStopped) {
      const now = this.#queue.hasRetries ? await this.#parts.ledger.now() : null;
      const next = this.#queue.next(now);
      if (next.kind === 'nothing') return;
      if (next.kind === 'wait') {
        this.#wakeAfter(next.until - (now ?? next.until));
        return;
      }
      await this.#parts.slots.use(() => this.#attempt(next.sequence));
    }
  }

  #wakeAfter(delayMs: number): void {
    this.#cancelWake();
    this.#cancelWake = this.#parts.clock.after(delayMs, () => this.#deliveries.poke());
  }

  async #attempt(sequence: number): Promise<void> {
    const { caller, ledger } = this.#parts;
    const webhook = ledger.active(this.#webhookId);
    if (this.#isStopped || webhook === null) return;
    const delivery = await this.#read(sequence);
    if (delivery === null) {
      this.#queue.drop(sequence);
      return;
    }
    this.#receiver ??= caller.receiverFor(webhook);
    const result = await caller.call(webhook, delivery, this.#receiver, this.#cut.signal);
    if (result.kind === 'answered') await ledger.record({ delivery, ...result }, this.#queue);
    if (result.kind === 'secret_lost') await ledger.disable(webhook, DISABLED_REASONS.secretLost);
    if (ledger.active(this.#webhookId) === null) await this.#giveUpAll();
  }

  async #read(sequence: number): Promise<Delivery | null> {
    if (!this.#ahead.has(sequence)) {
      this.#ahead.clear();
      const following = this.#queue.startingWith(sequence, READ_AHEAD);
      for (const delivery of await this.#parts.archive.read(this.#webhookId, following)) {
        this.#ahead.set(delivery.sequence, delivery);
      }
    }
    const delivery = this.#ahead.get(sequence) ?? null;
    this.#ahead.delete(sequence);
    return delivery;
  }

  /** The webhook is no longer called, unless it was deleted: then there is nothing left to do here. */
  async #giveUpAll(): Promise<void> {
    if (this.#cut.signal.aborted) return;
    this.#isStopped = true;
    this.#receiver?.close();
    this.#queue.clear();
    this.#deadCount = await this.#parts.archive.giveUpAll(this.#webhookId);
  }

  async #giveUpOverflow(): Promise<void> {
    for (;;) {
      const givenUp = this.#queue.takeOverflow(OVERFLOW_BITE);
      if (givenUp.length === 0) return;
      await this.#parts.archive.giveUp(this.#webhookId, givenUp, this.#queue.bury(givenUp));
    }
  }
}
