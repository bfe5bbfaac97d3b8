import type { Instant } from '../model/time.js';

/** Something with a deadline. Only the heap that contains it sets `heapIndex`, which is -1 outside a heap. */
export interface Due {
  readonly deadline: Instant;
  heapIndex: number;
}

/**
 * A binary min-heap in which each item knows its index. Moving or removing a deadline takes O(log n), and the heap has one
 * entry per item, however often it is renewed.
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
    this.#siftUp(item, this.#items.length - 1);
  }

  /** Restores the order. Call this after the deadline of an item has changed. */
  reorder(item: T): void {
    this.#siftUp(item, item.heapIndex);
    this.#siftDown(item, item.heapIndex);
  }

  remove(item: T): void {
    const index = item.heapIndex;
    const last = this.#items.pop();
    item.heapIndex = -1;
    if (last === undefined || last === item) return;
    this.#siftUp(last, index);
    this.#siftDown(last, last.heapIndex);
  }

  #siftUp(item: T, from: number): void {
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

  #siftDown(item: T, from: number): void {
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
    if (item === undefined) throw new Error(`deadline heap: no item at index ${index}`);
    return item;
  }
}
