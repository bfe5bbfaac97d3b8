import { DeadlineHeap, type Due } from '../../core/state/deadline-heap.js';
import type { Instant } from '../../core/model/time.js';

interface Retry extends Due {
  readonly sequence: number;
}

/** When the failed deliveries of one webhook are tried again. Each operation takes O(log n) steps. */
export class RetryTimes {
  readonly #bySequence = new Map<number, Retry>();
  readonly #due = new DeadlineHeap<Retry>();

  get size(): number {
    return this.#due.size;
  }

  /** When the first retry is due. Null if there is none. */
  get earliest(): Instant | null {
    return this.#due.peek()?.deadline ?? null;
  }

  has(sequence: number): boolean {
    return this.#bySequence.has(sequence);
  }

  set(sequence: number, deadline: Instant): void {
    this.delete(sequence);
    const retry: Retry = { sequence, deadline, heapIndex: -1 };
    this.#bySequence.set(sequence, retry);
    this.#due.add(retry);
  }

  /** Returns whether there was a retry. */
  delete(sequence: number): boolean {
    const retry = this.#bySequence.get(sequence);
    if (retry === undefined) return false;
    this.#bySequence.delete(sequence);
    this.#due.remove(retry);
    return true;
  }

  /** Takes out the deliveries whose retry is due, earliest first. */
  takeDue(now: Instant): number[] {
    const due: number[] = [];
    for (
      let first = this.#due.peek();
      first !== undefined && first.deadline <= now;
      first = this.#due.peek()
    ) {
      this.delete(first.sequence);
      due.push(first.sequence);
    }
    return due;
  }

  clear(): void {
    for (const sequence of this.#bySequence.keys()) this.delete(sequence);
  }
}
