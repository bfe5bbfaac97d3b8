import type { WaiterId } from '../model/ids.js';
import type { AcquireRequest } from '../model/command.js';
import type { Instant } from '../model/time.js';

/** A request queued for a lock. It lives in memory only: it ends with its connection, and so with the process. */
export interface Waiter {
  readonly kind: 'waiter';
  readonly waiterId: WaiterId;
  readonly request: AcquireRequest;
  /** When the client stops waiting. */
  deadline: Instant;
  /** Place in the deadline heap. */
  slot: number;
  previous: Waiter | null;
  next: Waiter | null;
}

/** The queue of one lock, in order of arrival. Every operation takes constant time, whatever its length. */
export class WaitQueue {
  #first: Waiter | null = null;
  #last: Waiter | null = null;
  #length = 0;

  get first(): Waiter | null {
    return this.#first;
  }

  get length(): number {
    return this.#length;
  }

  push(waiter: Waiter): void {
    waiter.previous = this.#last;
    waiter.next = null;
    if (this.#last === null) this.#first = waiter;
    else this.#last.next = waiter;
    this.#last = waiter;
    this.#length += 1;
  }

  remove(waiter: Waiter): void {
    if (waiter.previous === null) this.#first = waiter.next;
    else waiter.previous.next = waiter.next;
    if (waiter.next === null) this.#last = waiter.previous;
    else waiter.next.previous = waiter.previous;
    waiter.previous = null;
    waiter.next = null;
    this.#length -= 1;
  }

  /** Puts `successor` where `waiter` stands. */
  replace(waiter: Waiter, successor: Waiter): void {
    successor.previous = waiter.previous;
    successor.next = waiter.next;
    if (waiter.previous === null) this.#first = successor;
    else waiter.previous.next = successor;
    if (waiter.next === null) this.#last = successor;
    else waiter.next.previous = successor;
    waiter.previous = null;
    waiter.next = null;
  }
}
