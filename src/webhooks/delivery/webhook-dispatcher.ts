import type { CancelTimer } from '../../clock/clock.js';
import { OctoStoreError } from '../../errors/octostore-error.js';
import type { Ordering } from '../../journal/rows/webhook-row.js';
import { BackgroundTask } from '../background-task.js';
import type { AttemptOutcome } from '../transport/attempt-outcome.js';
import type { Message } from '../transport/webhook-sender.js';
import { DeliveryQueue } from './delivery-queue.js';
import { DeliveryWorker, type DeliveryServices } from './delivery-worker.js';
import type { Delivery } from './delivery.js';
import { reasonToGiveUpAll } from './retry-or-give-up.js';

/** How many deliveries over the limit become dead letters at a time. */
const OVERFLOW_BATCH = 100;

/** How many calls to one receiver there may be at the same time. */
const WORKERS: Record<Ordering, number> = { in_order: 1, none: 4 };

/** The webhook that a dispatcher is for. */
export interface DispatcherTask {
  readonly webhookId: string;
  readonly ordering: Ordering;
  /** Resolves when the webhook's previous dispatcher has ended. */
  readonly predecessor: Promise<void>;
}

/**
 * Sends the deliveries of one webhook. It owns the webhook's queue and workers, and can abort their calls.
 *
 * A dispatcher never starts again. If the webhook is suspended, its dispatcher ends and another one takes its place.
 */
export class WebhookDispatcher {
  readonly #task: DispatcherTask;
  readonly #services: DeliveryServices;
  readonly #queue: DeliveryQueue;
  readonly #workers: readonly DeliveryWorker[];
  readonly #overflow: BackgroundTask;
  readonly #abort = new AbortController();
  /** Requests of users that are under way. */
  readonly #requests = new Set<Promise<unknown>>();
  #loading: Promise<void> | null = null;
  #isLoaded = false;
  #cancelWake: CancelTimer = () => undefined;

  constructor(task: DispatcherTask, services: DeliveryServices) {
    this.#task = task;
    this.#services = services;
    this.#queue = new DeliveryQueue(task.ordering);
    this.#workers = Array.from({ length: WORKERS[task.ordering] }, () => this.#newWorker());
    this.#overflow = new BackgroundTask(services.clock, 'webhook backlog', () => this.#giveUpOverflow());
  }

  get pendingCount(): number {
    return this.#queue.pendingCount;
  }

  get deadCount(): number {
    return this.#queue.deadCount;
  }

  /**
   * Loads the deliveries of the previous dispatcher or the last run, and begins. If the webhook is not active, first makes
   * dead letters of them.
   */
  load(): Promise<void> {
    if (this.#isLoaded) return Promise.resolve();
    this.#loading ??= this.#load().finally(() => (this.#loading = null));
    return this.#loading;
  }

  /** Begins to send the queued deliveries. */
  begin(): void {
    this.#isLoaded = true;
    this.#wake();
  }

  /** Queues a durable delivery of an event that is later than all others in the queue. */
  enqueue(sequence: number): void {
    if (this.#services.registry.activeOne(this.#task.webhookId) === null) return;
    this.#queue.enqueue(sequence);
    this.#wake();
  }

  /**
   * Sends a finished delivery again. If the delivery is waiting for a retry, it is tried at once instead.
   * @returns The changed delivery.
   * @throws `delivery_not_found` if it is no longer kept, `overloaded` if the deliveries of the last run are not loaded yet.
   */
  async redeliver(delivery: Delivery): Promise<Delivery> {
    const { sequence } = delivery;
    this.#assertLoaded();
    if (this.#queue.isReturning(sequence)) return delivery;
    if (this.#queue.retryNow(sequence)) {
      this.#wake();
      return delivery;
    }
    if (!this.#queue.takeFinished(sequence)) throw new OctoStoreError('delivery_not_found');
    return this.#follow(this.#requeue(delivery));
  }

  /**
   * Makes a pending delivery a dead letter, so that it no longer holds up others. If a call is under way for it, its outcome
   * no longer matters.
   * @returns The changed delivery.
   * @throws `delivery_not_pending` if it is finished, `overloaded` if the deliveries of the last run are not loaded yet.
   */
  async skip(delivery: Delivery): Promise<Delivery> {
    this.#assertLoaded();
    if (!this.#queue.isPending(delivery.sequence)) throw new OctoStoreError('delivery_not_pending');
    const forgotten = this.#queue.finish(delivery.sequence, 'dead');
    return this.#follow(this.#skip(delivery, forgotten));
  }

  /** Calls the receiver once, independently of the deliveries, over its own connection. Null if the call was aborted. */
  test(message: Message): Promise<AttemptOutcome | null> {
    return this.#follow(this.#newWorker().test(message));
  }

  /** Makes no more attempts, and waits for everything that is under way. */
  async stop(): Promise<void> {
    await Promise.all([...this.#workers.map((worker) => worker.stop()), this.#overflow.stop()]);
    this.#cancelWake();
    await Promise.allSettled([this.#task.predecessor, this.#loading, ...this.#requests]);
  }

  /** Aborts the calls under way. They are not recorded. */
  abortCalls(): void {
    this.#abort.abort();
  }

  #newWorker(): DeliveryWorker {
    const task = {
      webhookId: this.#task.webhookId,
      queue: this.#queue,
      aborted: this.#abort.signal,
      onWait: (now: number, until: number) => this.#wakeAfter(until - now),
      onDisabled: () => this.#giveUpAll(),
    };
    return new DeliveryWorker(task, this.#services);
  }

  #wake(): void {
    for (const worker of this.#workers) worker.wake();
    this.#overflow.wake();
  }

  #wakeAfter(delayMs: number): void {
    this.#cancelWake();
    this.#cancelWake = this.#services.clock.after(delayMs, () => this.#wake());
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
    const { stored, registry } = this.#services;
    const { webhookId, predecessor } = this.#task;
    await predecessor;
    const reason = reasonToGiveUpAll(registry.get(webhookId));
    this.#queue.load(
      reason === null ? await stored.load(webhookId) : await stored.giveUpAll(webhookId, reason),
    );
    this.begin();
  }

  async #requeue(delivery: Delivery): Promise<Delivery> {
    const { sequence, deliveryId } = delivery;
    this.#forget(sequence);
    const finished = await this.#services.stored.find(deliveryId);
    const requeued = await this.#services.recorder.requeue(finished ?? delivery);
    this.#queue.repeat(sequence);
    this.#wake();
    return requeued;
  }

  async #skip(delivery: Delivery, forgotten: readonly number[]): Promise<Delivery> {
    this.#forget(delivery.sequence);
    this.#wake();
    const waiting = await this.#services.stored.find(delivery.deliveryId);
    return this.#services.recorder.skip(waiting ?? delivery, forgotten, this.#queue);
  }

  #forget(sequence: number): void {
    for (const worker of this.#workers) worker.forget(sequence);
  }

  /** Makes dead letters of all deliveries after the webhook was disabled. Its workers begin nothing more. */
  async #giveUpAll(): Promise<void> {
    for (const worker of this.#workers) worker.disconnect();
    this.#queue.clear();
    const left = await this.#services.stored.giveUpAll(this.#task.webhookId, 'webhook_disabled');
    // Several workers may get here. The last one's result counts.
    this.#queue.clear();
    this.#queue.load(left);
  }

  async #giveUpOverflow(): Promise<void> {
    for (;;) {
      const givenUp = this.#queue.takeOverflow(OVERFLOW_BATCH);
      if (givenUp.length === 0) return;
      const forgotten = this.#queue.addDead(givenUp);
      await this.#services.stored.giveUp(this.#task.webhookId, givenUp, forgotten);
    }
  }
}
