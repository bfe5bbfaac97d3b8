import type { Instant } from '../../core/model/time.js';
import type { DeliveryRow } from '../../journal/rows/delivery-row.js';
import type { Ordering } from '../../journal/rows/webhook-row.js';
import { FinishedDeliveries, KEPT_PER_WEBHOOK, type FinalState } from './finished-deliveries.js';
import { RetryTimes } from './retry-times.js';

/** What the queue needs to know of a stored delivery. */
export type QueuedDelivery = Pick<DeliveryRow, 'sequence' | 'state' | 'lane' | 'nextAttemptAt'>;

/** What to do next. */
export type NextStep =
  | { readonly kind: 'attempt'; readonly sequence: number }
  | { readonly kind: 'wait'; readonly until: Instant }
  | { readonly kind: 'nothing' };

/**
 * The deliveries of one webhook, by the sequences of their events. It owns all that is known in memory of a single delivery:
 * whether it waits, is under way, waits for a retry, or is finished.
 *
 * In order, only the first delivery is attempted, however long it takes. Without an order, deliveries are attempted as they
 * come, and a failed one waits for its retry beside the others. A repeat that a user asked for goes first in both cases, and
 * holds nothing up while it waits.
 */
export class DeliveryQueue {
  readonly #isInOrder: boolean;
  /** Deliveries that have their turn one after another, ascending. */
  #ordered: number[] = [];
  /** Deliveries that hold nothing up: repeats and, without an order, failed ones. */
  readonly #beside = new Set<number>();
  /** The deliveries in `#beside` that can be attempted now, in the order they became so. */
  #ready: number[] = [];
  readonly #underWay = new Set<number>();
  readonly #retries = new RetryTimes();
  readonly #finished = new FinishedDeliveries();
  /** Deliveries that are taken out of the finished ones, until `repeat` queues them. */
  readonly #returning = new Set<number>();

  constructor(ordering: Ordering = 'in_order') {
    this.#isInOrder = ordering === 'in_order';
  }

  get pendingCount(): number {
    return this.#ordered.length + this.#beside.size;
  }

  get deadCount(): number {
    return this.#finished.deadCount;
  }

  /** Takes the stored deliveries, in ascending order. */
  load(deliveries: Iterable<QueuedDelivery>): void {
    for (const { sequence, state, lane, nextAttemptAt } of deliveries) {
      if (state !== 'pending') this.#finished.load(sequence, state);
      else if (lane === 'ordered') this.#ordered.push(sequence);
      else this.repeat(sequence);
      if (nextAttemptAt !== null) this.retryAt(sequence, nextAttemptAt as Instant);
    }
  }

  /** Adds the delivery of an event that is later than all others. */
  enqueue(sequence: number): void {
    this.#ordered.push(sequence);
  }

  /** Whether a delivery waits for a retry, so that `next` must know the time. */
  get hasRetries(): boolean {
    return this.#retries.size > 0;
  }

  /** A delivery and those that will be attempted right after it, at most `limit`. */
  startingWith(sequence: number, limit: number): number[] {
    const isFollowed = this.#isInOrder && this.#ordered[0] === sequence;
    return isFollowed ? this.#ordered.slice(0, limit) : [sequence];
  }

  /** @param now Null if nothing waits for a retry. */
  next(now: Instant | null): NextStep {
    const due = now === null ? [] : this.#retries.takeDue(now);
    this.#ready.push(...due.filter((sequence) => this.#beside.has(sequence)));
    const sequence = this.#ready[0] ?? this.#nextInOrder();
    if (sequence !== undefined) return { kind: 'attempt', sequence };
    const until = this.#retries.earliest;
    return until === null ? { kind: 'nothing' } : { kind: 'wait', until };
  }

  /** An attempt begins. Until it ends, `next` does not return the delivery. */
  begin(sequence: number): void {
    this.#underWay.add(sequence);
    takeOut(this.#ready, sequence);
  }

  /** The attempt has ended, whatever its outcome. */
  end(sequence: number): void {
    if (this.#underWay.delete(sequence)) this.#makeReady(sequence);
  }

  isUnderWay(sequence: number): boolean {
    return this.#underWay.has(sequence);
  }

  /** The delivery has failed and is tried again at an instant. */
  retryAt(sequence: number, instant: Instant): void {
    if (!this.#isInOrder) {
      takeOut(this.#ordered, sequence);
      this.#beside.add(sequence);
    }
    takeOut(this.#ready, sequence);
    this.#retries.set(sequence, instant);
  }

  /**
   * The delivery is delivered or dead.
   *
   * @returns The sequences of finished deliveries that are no longer kept.
   */
  finish(sequence: number, state: FinalState): number[] {
    this.drop(sequence);
    return this.#finished.add([sequence], state);
  }

  /** Removes a delivery. */
  drop(sequence: number): void {
    takeOut(this.#ordered, sequence);
    this.#beside.delete(sequence);
    takeOut(this.#ready, sequence);
    this.#underWay.delete(sequence);
    this.#retries.delete(sequence);
  }

  isPending(sequence: number): boolean {
    return this.#beside.has(sequence) || this.#ordered.includes(sequence);
  }

  /** Ends a delivery's wait for its retry. Returns whether the delivery is pending. */
  retryNow(sequence: number): boolean {
    if (this.#retries.delete(sequence)) this.#makeReady(sequence);
    return this.isPending(sequence);
  }

  /** Takes out a finished delivery that is to be repeated. Returns false if it is not known as finished. */
  takeFinished(sequence: number): boolean {
    if (!this.#finished.take(sequence)) return false;
    this.#returning.add(sequence);
    return true;
  }

  /** Whether the delivery was taken out and is not queued yet. */
  isReturning(sequence: number): boolean {
    return this.#returning.has(sequence);
  }

  /** Queues a repeat. */
  repeat(sequence: number): void {
    this.#returning.delete(sequence);
    this.#beside.add(sequence);
    this.#makeReady(sequence);
  }

  /**
   * Takes out the oldest deliveries if at least `count` wait beyond the bound, and exactly that many. In order it never takes
   * the first: that may be under way, and its schedule of retries keeps us from calling a failing receiver all the time.
   */
  takeOverflow(count: number): number[] {
    const waiting = this.#isInOrder ? this.#ordered.length : this.pendingCount;
    if (waiting - KEPT_PER_WEBHOOK.pending < count) return [];
    return this.#isInOrder ? this.#ordered.splice(1, count) : this.#takeOldest(count);
  }

  /** Adds dead deliveries that were taken out. Returns the sequences of finished deliveries that are no longer kept. */
  addDead(sequences: readonly number[]): number[] {
    return this.#finished.add(sequences, 'dead');
  }

  /** Empties the queue. */
  clear(): void {
    this.#ordered = [];
    this.#beside.clear();
    this.#ready = [];
    this.#underWay.clear();
    this.#retries.clear();
    this.#finished.clear();
  }

  #nextInOrder(): number | undefined {
    if (!this.#isInOrder) return this.#ordered.find((sequence) => !this.#underWay.has(sequence));
    const [first] = this.#ordered;
    return first === undefined || this.#retries.has(first) || this.#underWay.has(first) ? undefined : first;
  }

  #makeReady(sequence: number): void {
    const isWaiting = this.#underWay.has(sequence) || this.#retries.has(sequence);
    if (this.#beside.has(sequence) && !isWaiting) this.#ready.push(sequence);
  }

  #takeOldest(count: number): number[] {
    const waiting = [...this.#ordered, ...this.#beside].filter((sequence) => !this.#underWay.has(sequence));
    const oldest = waiting.toSorted((a, b) => a - b).slice(0, count);
    for (const sequence of oldest) this.drop(sequence);
    return oldest;
  }
}

function takeOut(sequences: number[], sequence: number): void {
  const index = sequences.indexOf(sequence);
  if (index !== -1) sequences.splice(index, 1);
}
