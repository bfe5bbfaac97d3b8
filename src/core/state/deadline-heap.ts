import type { Instant } from '../model/time.js';

/** Something with a deadline. `heapIndex` belongs to the heap that holds it; -1 outside any heap. */
export interface Due {
  deadline: Instant;
  heapIndex: number;
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
    this.#rise(item, item.heapIndex);
    this.#sink(item, item.heapIndex);
  }

  remove(item: T): void {
    const index = item.heapIndex;
    const last = this.#items.pop();
    item.heapIndex = -1;
    if (last === undefined || last === item) return;
    this.#rise(last, index);
    this.#sink(last, last.heapIndex);
  }

  #rise(item: T, from: number): void {
    let index = from;
    while (index > 0) {
      const parentIndex = (index - 1) >> 1;
      const parent = this.#at(parentIndex);
      if (parent.deadline <= item.deadline) break;
      this.#place(parent, index);
      index = parentIndex;
    }
    this.#place(item, index);
  }

  #sink(item: T, from: number): void {
    let index = from;
    for (;;) {
      const left = 2 * index + 1;
      if (left >= this.#items.length) break;
      const right = left + 1;
      const childIndex =
        right < this.#items.length && this.#at(right).deadline < this.#at(left).deadline ? right : left;
      const child = this.#at(childIndex);
      if (item.deadline <= child.deadline) break;
      this.#place(child, index);
      index = childIndex;
    }
    this.#place(item, index);
  }

  #place(item: T, index: number): void {
    this.#items[index] = item;
    item.heapIndex = index;
  }

  #at(index: number): T {
    const item = this.#items[index];
    if (item === undefined) throw new Error(`deadline heap: no item in index ${index}`);
    return item;
  }
}
