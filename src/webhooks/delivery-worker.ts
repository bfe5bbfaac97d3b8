import type { CancelTimer } from '../clock/clock.js';
import { OctoStoreError } from '../errors/octostore-error.js';
import type { Ordering } from '../journal/rows/webhook-row.js';
import type { AttemptOutcome } from './attempt.js';
import type { Message } from './delivery-caller.js';
import { DeliveryLane } from './delivery-lane.js';
import { DeliveryQueue } from './delivery-queue.js';
import type { Delivery } from './delivery.js';
import { Pump } from './pump.js';
import { DISABLED_REASONS } from './webhook.js';
import type { WorkerParts } from './worker-parts.js';

/** Deliveries beyond the bound that are given up at a time. */
const OVERFLOW_BITE = 100;

/** Calls to one receiver at the same time. */
const LANES: Record<Ordering, number> = { in_order: 1, none: 4 };

/** What a worker works for. */
export interface WorkerTask {
  readonly webhookId: string;
  readonly ordering: Ordering;
  /** Resolves when the webhook's last worker has ended. */
  readonly predecessor: Promise<void>;
}

/** Makes the deliveries of one webhook: one at a time, or a few if they need not come in order. */
export class DeliveryWorker {
  readonly #task: WorkerTask;
  readonly #parts: WorkerParts;
  readonly #queue: DeliveryQueue;
  readonly #lanes: readonly DeliveryLane[];
  readonly #overflow: Pump;
  readonly #cut = new AbortController();
  /** Finished deliveries that are just being queued once more. */
  readonly #requeued = new Set<number>();
  /** What users have asked for and is under way. */
  readonly #requests = new Set<Promise<unknown>>();
  #loading: Promise<void> | null = null;
  #isLoaded = false;
  #cancelWake: CancelTimer = () => undefined;
  /** Of a webhook that is no longer called. */
  #deadCount = 0;

  constructor(task: WorkerTask, parts: WorkerParts) {
    this.#task = task;
    this.#parts = parts;
    this.#queue = new DeliveryQueue(task.ordering);
    this.#lanes = Array.from({ length: LANES[task.ordering] }, () => this.#newLane());
    this.#overflow = new Pump(parts.clock, 'webhook backlog', () => this.#giveUpOverflow());
  }

  get pendingCount(): number {
    return this.#queue.pendingCount;
  }

  get deadCount(): number {
    return this.#queue.deadCount + this.#deadCount;
  }

  /** Takes in what was left of the last worker, and begins. What waits for a webhook that is not called is given up. */
  load(): Promise<void> {
    if (this.#isLoaded) return Promise.resolve();
    this.#loading ??= this.#load().finally(() => (this.#loading = null));
    return this.#loading;
  }

  /** Begins with what is queued. */
  begin(): void {
    this.#isLoaded = true;
    this.#poke();
  }

  /** Queues a delivery that is durable, of an event later than all others. */
  enqueue(sequence: number): void {
    if (this.#parts.ledger.active(this.#task.webhookId) === null) return;
    this.#queue.enqueue(sequence);
    this.#poke();
  }

  /**
   * Makes a finished delivery once more. One that still waits for a retry is tried at once.
   *
   * @returns The delivery as it is now.
   * @throws `delivery_not_found` if it is not kept any more, `overloaded` if the last run has not been taken up yet.
   */
  async redeliver(delivery: Delivery): Promise<Delivery> {
    const { sequence } = delivery;
    this.#assertLoaded();
    if (this.#requeued.has(sequence)) return delivery;
    if (this.#queue.hasten(sequence)) {
      this.#poke();
      return delivery;
    }
    if (!this.#queue.takeFinished(sequence)) throw new OctoStoreError('delivery_not_found');
    return this.#follow(this.#requeue(delivery));
  }

  /**
   * Gives up a delivery that waits, so that it holds nothing up. What comes of a call that is under way no longer matters.
   *
   * @returns The delivery as it is now.
   * @throws `delivery_not_pending` if it has come to an end, `overloaded` if the last run has not been taken up yet.
   */
  async skip(delivery: Delivery): Promise<Delivery> {
    this.#assertLoaded();
    if (!this.#queue.isPending(delivery.sequence)) throw new OctoStoreError('delivery_not_pending');
    const forgotten = this.#queue.finish(delivery.sequence, 'dead');
    return this.#follow(this.#skip(delivery, forgotten));
  }

  /** Calls the receiver once, beside the deliveries and over a connection of its own. Null if the call was cut off. */
  test(message: Message): Promise<AttemptOutcome | null> {
    return this.#follow(this.#test(message));
  }

  /** Makes no more attempts and waits for all that is under way. */
  async stop(): Promise<void> {
    await Promise.all([...this.#lanes.map((lane) => lane.stop()), this.#overflow.stop()]);
    this.#cancelWake();
    await Promise.allSettled([this.#task.predecessor, this.#loading, ...this.#requests]);
  }

  /** Ends the calls that are under way. They count as not made. */
  cut(): void {
    this.#cut.abort();
  }

  #newLane(): DeliveryLane {
    const task = {
      webhookId: this.#task.webhookId,
      queue: this.#queue,
      cut: this.#cut.signal,
      onWait: (now: number, until: number) => this.#wakeAfter(until - now),
      onDisabled: () => this.#giveUpAll(),
    };
    return new DeliveryLane(task, this.#parts);
  }

  #poke(): void {
    for (const lane of this.#lanes) lane.poke();
    this.#overflow.poke();
  }

  #wakeAfter(delayMs: number): void {
    this.#cancelWake();
    this.#cancelWake = this.#parts.clock.after(delayMs, () => this.#poke());
  }

  #assertLoaded(): void {
    if (!this.#isLoaded) throw new OctoStoreError('overloaded', { retryAfterMs: 1000 });
  }

  #follow<T>(request: Promise<T>): Promise<T> {
    const followed = request.finally(() => this.#requests.delete(followed));
    this.#requests.add(followed);
    return followed;
  }

  async #load(): Promise<void> {
    const { archive, ledger } = this.#parts;
    const { webhookId, predecessor } = this.#task;
    await predecessor;
    const reason = ledger.reasonToGiveUp(webhookId);
    const deadCount = reason === null ? 0 : await archive.giveUpAll(webhookId, reason);
    // A suspended webhook comes back, and then its finished deliveries can be repeated.
    if (reason === 'webhook_disabled') this.#deadCount = deadCount;
    else this.#queue.load(await archive.load(webhookId));
    this.begin();
  }

  async #requeue(delivery: Delivery): Promise<Delivery> {
    const { sequence, deliveryId } = delivery;
    this.#requeued.add(sequence);
    this.#forget(sequence);
    const finished = await this.#parts.archive.find(deliveryId);
    const requeued = await this.#parts.ledger.requeue(finished ?? delivery);
    this.#queue.repeat(sequence);
    this.#requeued.delete(sequence);
    this.#poke();
    return requeued;
  }

  async #skip(delivery: Delivery, forgotten: readonly number[]): Promise<Delivery> {
    this.#forget(delivery.sequence);
    this.#poke();
    const waiting = await this.#parts.archive.find(delivery.deliveryId);
    return this.#parts.ledger.skip(waiting ?? delivery, forgotten, this.#queue);
  }

  #forget(sequence: number): void {
    for (const lane of this.#lanes) lane.forget(sequence);
  }

  async #test(message: Message): Promise<AttemptOutcome | null> {
    const { caller, ledger } = this.#parts;
    const webhook = ledger.active(this.#task.webhookId);
    if (webhook === null) return null;
    const receiver = caller.receiverFor(webhook);
    const result = await caller.call(webhook, message, receiver, this.#cut.signal);
    receiver?.close();
    if (result.kind === 'answered') return result.outcome;
    if (result.kind === 'secret_lost') await ledger.disable(webhook.id, DISABLED_REASONS.secretLost);
    if (result.kind === 'secret_lost') await this.#giveUpAll();
    return null;
  }

  /** The webhook was disabled. */
  async #giveUpAll(): Promise<void> {
    for (const lane of this.#lanes) {
      lane.halt();
      lane.close();
    }
    this.#queue.clear();
    this.#deadCount = await this.#parts.archive.giveUpAll(this.#task.webhookId, 'webhook_disabled');
  }

  async #giveUpOverflow(): Promise<void> {
    for (;;) {
      const givenUp = this.#queue.takeOverflow(OVERFLOW_BITE);
      if (givenUp.length === 0) return;
      await this.#parts.archive.giveUp(this.#task.webhookId, givenUp, this.#queue.bury(givenUp));
    }
  }
}
