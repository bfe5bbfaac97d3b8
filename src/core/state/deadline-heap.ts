import type { Instant } from '../model/time.js';

/** Something with a deadline. `slot` belongs to the heap that holds it; -1 outside any heap. */
export interface Due {
  deadline: Instant;
  slot: number;
}

/**
 * A binary min-heap that knows where each item stands, so that a deadline can be moved or dropped in O(log n) and the
 * heap holds one entry per item however often it is renewed.
 */
export class DeadlineHeap<T extends Due> {
  readonly #items: T[] = [];

  get size(): number {
    return this.#items.length;
  }

  /** The item with the earliest deadline. */
  peek(): T | undefined {
    return this.#items[0];
  }

  add(item: T): void {
    this.#items.push(item);
    this.#rise(item, this.#items.length - 1);
  }

  /** Restores the order after `item.deadline` was set. */
  moved(item: T): void {
    this.#rise(item, item.slot);
    this.#sink(item, item.slot);
  }

  remove(item: T): void {
    const slot = item.slot;
    const last = this.#items.pop();
    item.slot = -1;
    if (last === undefined || last === item) return;
    this.#rise(last, slot);
    this.#sink(last, last.slot);
  }

  #rise(item: T, from: number): void {
    let slot = from;
    while (slot > 0) {
      const parentSlot = (slot - 1) >> 1;
      const parent = this.#at(parentSlot);
      if (parent.deadline <= item.deadline) break;
      this.#place(parent, slot);
      slot = parentSlot;
    }
    this.#place(item, slot);
  }

  #sink(item: T, from: number): void {
    let slot = from;
    for (;;) {
      const left = 2 * slot + 1;
      if (left >= this.#items.length) break;
      const right = left + 1;
      const childSlot =
        right < this.#items.length && this.#at(right).deadline < this.#at(left).deadline ? right : left;
      const child = this.#at(childSlot);
      if (item.deadline <= child.deadline) break;
      this.#place(child, slot);
      slot = childSlot;
    }
    this.#place(item, slot);
  }

  #place(item: T, slot: number): void {
    this.#items[slot] = item;
    item.slot = slot;
  }

  #at(slot: number): T {
    const item = this.#items[slot];
    if (item === undefined) throw new Error(`deadline heap: no item in slot ${slot}`);
    return item;
  }
}
