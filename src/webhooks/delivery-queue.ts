import type { Instant } from '../core/time.js';
import type { DeliveryRow } from '../journal/rows/delivery-row.js';
import type { Ordering } from '../journal/rows/webhook-row.js';
import { DeliveryHistory, KEPT_PER_WEBHOOK, type FinalState } from './delivery-history.js';
import { DeliveryRetries } from './delivery-retries.js';

/** What of a delivery the queue needs to know. */
export type QueuedDelivery = Pick<DeliveryRow, 'sequence' | 'state' | 'lane' | 'nextAttemptAt'>;

/** What to do next. */
export type NextStep =
  | { readonly kind: 'attempt'; readonly sequence: number }
  | { readonly kind: 'wait'; readonly until: Instant }
  | { readonly kind: 'nothing' };

/**
 * The deliveries of one webhook by the sequence of their events, which is all that is held of them in memory.
 *
 * If they go in order, only the first one is attempted, however long it takes. Without an order each is attempted when it
 * comes, and one that fails waits for its retry beside the others. A repeat that a user asked for goes first in both
 * cases, and holds nothing up while it waits.
 */
export class DeliveryQueue {
  readonly #isInOrder: boolean;
  /** Those that have their turn one after another. Ascending. */
  #ordered: number[] = [];
  /** Those that hold nothing up: repeats and, without an order, those that have failed. */
  readonly #beside = new Set<number>();
  /** Of those beside the order, the ones that can be attempted now. First come, first served. */
  #ready: number[] = [];
  readonly #underWay = new Set<number>();
  readonly #retries = new DeliveryRetries();
  readonly #history = new DeliveryHistory();

  constructor(ordering: Ordering = 'in_order') {
    this.#isInOrder = ordering === 'in_order';
  }

  get pendingCount(): number {
    return this.#ordered.length + this.#beside.size;
  }

  get deadCount(): number {
    return this.#history.deadCount;
  }

  /** Takes in what is stored, in ascending order. */
  load(deliveries: Iterable<QueuedDelivery>): void {
    for (const { sequence, state, lane, nextAttemptAt } of deliveries) {
      if (state !== 'pending') this.#history.load(sequence, state);
      else if (lane === 'ordered') this.#ordered.push(sequence);
      else this.repeat(sequence);
      if (nextAttemptAt !== null) this.retryAt(sequence, nextAttemptAt as Instant);
    }
  }

  /** Adds an event that is later than all others. */
  enqueue(sequence: number): void {
    this.#ordered.push(sequence);
  }

  /** Whether any delivery waits for a retry, so that `next` must know the time. */
  get hasRetries(): boolean {
    return this.#retries.size > 0;
  }

  /** A delivery and those that are attempted right after it, at most `limit`. */
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

  /** An attempt begins. Until it ends, `next` does not name the delivery. */
  begin(sequence: number): void {
    this.#underWay.add(sequence);
    takeOut(this.#ready, sequence);
  }

  /** The attempt has ended, with whatever result. */
  end(sequence: number): void {
    if (this.#underWay.delete(sequence)) this.#makeReady(sequence);
  }

  isUnderWay(sequence: number): boolean {
    return this.#underWay.has(sequence);
  }

  /** The delivery failed and is tried again at an instant. */
  retryAt(sequence: number, instant: Instant): void {
    if (!this.#isInOrder) {
      takeOut(this.#ordered, sequence);
      this.#beside.add(sequence);
    }
    takeOut(this.#ready, sequence);
    this.#retries.set(sequence, instant);
  }

  /**
   * The delivery has come to an end.
   *
   * @returns The sequences of finished ones that are forgotten for it.
   */
  finish(sequence: number, state: FinalState): number[] {
    this.drop(sequence);
    return this.#history.add([sequence], state);
  }

  /** Takes a delivery out for good. */
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

  /** Whether the delivery waits for an attempt. If so, it need not wait any longer for a retry. */
  hasten(sequence: number): boolean {
    if (this.#retries.delete(sequence)) this.#makeReady(sequence);
    return this.isPending(sequence);
  }

  /** Takes out a finished delivery, so that it can be made once more. Returns false if it is not known as finished. */
  takeFinished(sequence: number): boolean {
    return this.#history.take(sequence);
  }

  /** Queues a delivery that was taken out. */
  repeat(sequence: number): void {
    this.#beside.add(sequence);
    this.#makeReady(sequence);
  }

  /**
   * Takes out the oldest that wait beyond the bound, once there are `bite` of them, and that many. In order never the first:
   * it may be under way, and its schedule of retries is what keeps a failing receiver from being called all the time.
   */
  takeOverflow(bite: number): number[] {
    const waiting = this.#isInOrder ? this.#ordered.length : this.pendingCount;
    if (waiting - KEPT_PER_WEBHOOK.pending < bite) return [];
    return this.#isInOrder ? this.#ordered.splice(1, bite) : this.#takeOldest(bite);
  }

  /** Adds deliveries that were given up without an attempt. Returns the sequences that are forgotten for them. */
  bury(sequences: readonly number[]): number[] {
    return this.#history.add(sequences, 'dead');
  }

  /** Empties the queue. */
  clear(): void {
    this.#ordered = [];
    this.#beside.clear();
    this.#ready = [];
    this.#underWay.clear();
    this.#retries.clear();
    this.#history.clear();
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
