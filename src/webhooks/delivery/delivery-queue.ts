import type { Instant } from '../../core/model/time.js';
import type { DeliveryRow } from '../../journal/rows/delivery-row.js';
import type { Ordering } from '../../journal/rows/webhook-row.js';
import { FinishedDeliveries, KEPT_PER_WEBHOOK, type FinalState } from './finished-deliveries.js';
import { RetryTimes } from './retry-times.js';

/** The parts of a stored delivery that the queue needs. */
export type QueuedDelivery = Pick<DeliveryRow, 'sequence' | 'state' | 'lane' | 'nextAttemptAt'>;

/** What a worker does next. */
export type NextStep =
  | { readonly kind: 'attempt'; readonly sequence: number }
  | { readonly kind: 'wait'; readonly until: Instant }
  | { readonly kind: 'nothing' };

/**
 * The deliveries of one webhook, by the sequences of their events. It holds all state in memory of each delivery: whether it
 * is waiting, under way, waiting for a retry, or finished.
 *
 * In order, only the first delivery is attempted, however long it takes. Without an order, deliveries are attempted as they
 * arrive, and a failed one does not hold up the others while it waits for its retry. In both cases, a delivery that a user
 * sends again goes first, and does not hold up the others while it waits.
 */
export class DeliveryQueue {
  readonly #isInOrder: boolean;
  /** Deliveries that are attempted one after another, in ascending order. */
  #ordered: number[] = [];
  /** Deliveries that do not hold up others: repeats and, without an order, failed ones. */
  readonly #unordered = new Set<number>();
  /** The deliveries in `#unordered` that can be attempted now, in the order in which they became ready. */
  #ready: number[] = [];
  readonly #underWay = new Set<number>();
  readonly #retries = new RetryTimes();
  readonly #finished = new FinishedDeliveries();
  /** Deliveries that were taken out of the finished ones, until `repeat` queues them. */
  readonly #returning = new Set<number>();

  constructor(ordering: Ordering = 'in_order') {
    this.#isInOrder = ordering === 'in_order';
  }

  get pendingCount(): number {
    return this.#ordered.length + this.#unordered.size;
  }

  get deadCount(): number {
    return this.#finished.deadCount;
  }

  /** Adds the stored deliveries, in ascending order. */
  load(deliveries: Iterable<QueuedDelivery>): void {
    for (const { sequence, state, lane, nextAttemptAt } of deliveries) {
      if (state !== 'pending') this.#finished.load(sequence, state);
      else if (lane === 'ordered') this.#ordered.push(sequence);
      else this.repeat(sequence);
      if (nextAttemptAt !== null) this.retryAt(sequence, nextAttemptAt as Instant);
    }
  }

  /** Adds the delivery of an event that is later than all others in the queue. */
  enqueue(sequence: number): void {
    this.#ordered.push(sequence);
  }

  /** Whether a delivery is waiting for a retry, so that `next` needs the time. */
  get hasRetries(): boolean {
    return this.#retries.size > 0;
  }

  /** A delivery and the ones that will be attempted right after it, at most `limit`. */
  startingWith(sequence: number, limit: number): number[] {
    const isFollowed = this.#isInOrder && this.#ordered[0] === sequence;
    return isFollowed ? this.#ordered.slice(0, limit) : [sequence];
  }

  /** @param now Null if no delivery is waiting for a retry. */
  next(now: Instant | null): NextStep {
    const due = now === null ? [] : this.#retries.takeDue(now);
    this.#ready.push(...due.filter((sequence) => this.#unordered.has(sequence)));
    const sequence = this.#ready[0] ?? this.#nextInOrder();
    if (sequence !== undefined) return { kind: 'attempt', sequence };
    const until = this.#retries.earliest;
    return until === null ? { kind: 'nothing' } : { kind: 'wait', until };
  }

  /** Marks the beginning of an attempt. Until it ends, `next` does not return the delivery. */
  begin(sequence: number): void {
    this.#underWay.add(sequence);
    takeOut(this.#ready, sequence);
  }

  /** Marks the end of an attempt, whatever its outcome. */
  end(sequence: number): void {
    if (this.#underWay.delete(sequence)) this.#makeReady(sequence);
  }

  isUnderWay(sequence: number): boolean {
    return this.#underWay.has(sequence);
  }

  /** Schedules the retry of a failed delivery. */
  retryAt(sequence: number, instant: Instant): void {
    if (!this.#isInOrder) {
      takeOut(this.#ordered, sequence);
      this.#unordered.add(sequence);
    }
    takeOut(this.#ready, sequence);
    this.#retries.set(sequence, instant);
  }

  /**
   * Moves a delivery to the finished ones.
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
    this.#unordered.delete(sequence);
    takeOut(this.#ready, sequence);
    this.#underWay.delete(sequence);
    this.#retries.delete(sequence);
  }

  isPending(sequence: number): boolean {
    return this.#unordered.has(sequence) || this.#ordered.includes(sequence);
  }

  /** Ends a delivery's wait for its retry. Returns whether the delivery is pending. */
  retryNow(sequence: number): boolean {
    if (this.#retries.delete(sequence)) this.#makeReady(sequence);
    return this.isPending(sequence);
  }

  /** Takes out a finished delivery to send it again. Returns false if it is not among the finished ones. */
  takeFinished(sequence: number): boolean {
    if (!this.#finished.take(sequence)) return false;
    this.#returning.add(sequence);
    return true;
  }

  /** Whether the delivery was taken out by `takeFinished` and is not queued yet. */
  isReturning(sequence: number): boolean {
    return this.#returning.has(sequence);
  }

  /** Queues a delivery that a user sends again. */
  repeat(sequence: number): void {
    this.#returning.delete(sequence);
    this.#unordered.add(sequence);
    this.#makeReady(sequence);
  }

  /**
   * Takes out the `count` oldest deliveries if at least `count` are over the limit. In order, it never takes the first one:
   * that one may be under way, and its retry schedule keeps us from calling a failing receiver all the time.
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
    this.#unordered.clear();
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
    if (this.#unordered.has(sequence) && !isWaiting) this.#ready.push(sequence);
  }

  #takeOldest(count: number): number[] {
    const waiting = [...this.#ordered, ...this.#unordered].filter(
      (sequence) => !this.#underWay.has(sequence),
    );
    const oldest = waiting.toSorted((a, b) => a - b).slice(0, count);
    for (const sequence of oldest) this.drop(sequence);
    return oldest;
  }
}

function takeOut(sequences: number[], sequence: number): void {
  const index = sequences.indexOf(sequence);
  if (index !== -1) sequences.splice(index, 1);
}
