import type { Instant } from '../core/time.js';
import type { DeliveryEntity } from '../store/entities/delivery.entity.js';

/** Deliveries of one webhook that are kept: such as wait for an attempt, and such as are only remembered. */
export const KEPT_PER_WEBHOOK = { pending: 10_000, delivered: 200, dead: 1_000 } as const;

/** What of a delivery the queue needs to know. */
export type QueuedDelivery = Pick<DeliveryEntity, 'sequence' | 'state' | 'lane' | 'nextAttemptAt'>;

/** What to do next. */
export type NextStep =
  | { readonly kind: 'attempt'; readonly sequence: number }
  | { readonly kind: 'wait'; readonly until: Instant }
  | { readonly kind: 'nothing' };

export type FinalState = 'delivered' | 'dead';

/**
 * The deliveries of one webhook by the sequence of their events, which is all that is held of them in memory. Ordinary ones
 * are made strictly in order: only the first is attempted, however long it takes. A repeat that a user asked for goes
 * first, but while it waits for another attempt it holds nothing up.
 */
export class DeliveryQueue {
  /** Ascending. */
  #ordered: number[] = [];
  #repeats: number[] = [];
  /** Until when a delivery that has failed must wait. */
  readonly #retryAt = new Map<number, Instant>();
  /** Oldest first, as they were finished. */
  readonly #history: Record<FinalState, number[]> = { delivered: [], dead: [] };

  get pendingCount(): number {
    return this.#ordered.length + this.#repeats.length;
  }

  get deadCount(): number {
    return this.#history.dead.length;
  }

  /** Takes in what is stored, in ascending order. */
  load(deliveries: Iterable<QueuedDelivery>): void {
    for (const { sequence, state, lane, nextAttemptAt } of deliveries) {
      if (state !== 'pending') this.#history[state].push(sequence);
      else if (lane === 'ordered') this.#ordered.push(sequence);
      else this.#repeats.push(sequence);
      if (nextAttemptAt !== null) this.#retryAt.set(sequence, nextAttemptAt as Instant);
    }
  }

  /** Adds an event that is later than all others. */
  enqueue(sequence: number): void {
    this.#ordered.push(sequence);
  }

  /** Whether any delivery waits for a retry, so that `next` must know the time. */
  get hasRetries(): boolean {
    return this.#retryAt.size > 0;
  }

  /** A delivery and those that follow it in the order, at most `limit`. A repeat is followed by none. */
  startingWith(sequence: number, limit: number): number[] {
    return this.#ordered[0] === sequence ? this.#ordered.slice(0, limit) : [sequence];
  }

  /** @param now Null if nothing waits for a retry. */
  next(now: Instant | null): NextStep {
    const [first] = this.#ordered;
    const candidates = first === undefined ? this.#repeats : [...this.#repeats, first];
    let until: Instant | null = null;
    for (const sequence of candidates) {
      const retryAt = this.#retryAt.get(sequence);
      if (retryAt === undefined || now === null || retryAt <= now) return { kind: 'attempt', sequence };
      if (until === null || retryAt < until) until = retryAt;
    }
    return until === null ? { kind: 'nothing' } : { kind: 'wait', until };
  }

  /** The delivery failed and is tried again at an instant. */
  retryAt(sequence: number, instant: Instant): void {
    this.#retryAt.set(sequence, instant);
  }

  /**
   * The delivery has come to an end.
   *
   * @returns The sequences of finished ones that are forgotten for it.
   */
  finish(sequence: number, state: FinalState): number[] {
    this.drop(sequence);
    this.#history[state].push(sequence);
    return this.#forget(state);
  }

  /** Takes a delivery out for good. */
  drop(sequence: number): void {
    this.#ordered = without(this.#ordered, sequence);
    this.#repeats = without(this.#repeats, sequence);
    this.#retryAt.delete(sequence);
  }

  /** Whether the delivery waits for an attempt. If so, it need not wait any longer for a retry. */
  hasten(sequence: number): boolean {
    this.#retryAt.delete(sequence);
    return this.#ordered.includes(sequence) || this.#repeats.includes(sequence);
  }

  /** Takes out a finished delivery, so that it can be made once more. Returns false if it is not known as finished. */
  takeFinished(sequence: number): boolean {
    for (const state of ['dead', 'delivered'] as const) {
      if (!this.#history[state].includes(sequence)) continue;
      this.#history[state] = without(this.#history[state], sequence);
      return true;
    }
    return false;
  }

  /** Queues a delivery that was taken out. */
  repeat(sequence: number): void {
    this.#repeats.push(sequence);
  }

  /**
   * Takes out the oldest that wait beyond the bound, once there are `bite` of them, and that many. Never the first: it may be
   * under way, and its schedule of retries is what keeps a failing receiver from being called all the time.
   */
  takeOverflow(bite: number): number[] {
    const excess = this.#ordered.length - KEPT_PER_WEBHOOK.pending;
    return excess < bite ? [] : this.#ordered.splice(1, bite);
  }

  /** Adds deliveries that were given up without an attempt. Returns the sequences that are forgotten for them. */
  bury(sequences: readonly number[]): number[] {
    this.#history.dead.push(...sequences);
    return this.#forget('dead');
  }

  /** Empties the queue. */
  clear(): void {
    this.#ordered = [];
    this.#repeats = [];
    this.#retryAt.clear();
    this.#history.delivered = [];
    this.#history.dead = [];
  }

  #forget(state: FinalState): number[] {
    const history = this.#history[state];
    return history.splice(0, Math.max(0, history.length - KEPT_PER_WEBHOOK[state]));
  }
}

function without(sequences: number[], sequence: number): number[] {
  if (sequences[0] === sequence) {
    sequences.shift();
    return sequences;
  }
  return sequences.includes(sequence) ? sequences.filter((other) => other !== sequence) : sequences;
}
