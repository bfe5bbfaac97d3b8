/** Items per chunk. A small chunk is cheap to shift. Larger chunks keep their number low, even for a million items. */
const CHUNK_MAX = 512;

/**
 * A set of items in ascending order of their keys, which must not change. Strings are ordered by code units. Adding or removing an
 * item shifts part of one small chunk.
 */
export class SortedChunks<T, K extends string | number> {
  /** No chunk is empty. */
  readonly #chunks: T[][] = [];
  readonly #keyOf: (item: T) => K;
  #size = 0;

  constructor(keyOf: (item: T) => K) {
    this.#keyOf = keyOf;
  }

  get size(): number {
    return this.#size;
  }

  /** The item with the lowest key. */
  get first(): T | undefined {
    return this.#chunks[0]?.[0];
  }

  /** Adds an item. Does nothing if there is one with the same key. */
  add(item: T): void {
    const key = this.#keyOf(item);
    const chunkIndex = Math.max(0, this.#chunkOf(key));
    const chunk = this.#chunks[chunkIndex];
    if (chunk === undefined) {
      this.#chunks.push([item]);
      this.#size += 1;
      return;
    }
    const at = this.#lowerBound(chunk, key);
    const next = chunk[at];
    if (next !== undefined && this.#keyOf(next) === key) return;
    chunk.splice(at, 0, item);
    this.#size += 1;
    if (chunk.length > CHUNK_MAX) this.#chunks.splice(chunkIndex + 1, 0, chunk.splice(CHUNK_MAX / 2));
  }

  /** Removes the item with this key. Does nothing if there is none. */
  delete(key: K): void {
    const chunkIndex = this.#chunkOf(key);
    const chunk = this.#chunks[chunkIndex];
    if (chunk === undefined) return;
    const at = this.#lowerBound(chunk, key);
    const item = chunk[at];
    if (item === undefined || this.#keyOf(item) !== key) return;
    chunk.splice(at, 1);
    this.#size -= 1;
    if (chunk.length === 0) this.#chunks.splice(chunkIndex, 1);
  }

  /** The items whose keys are not lower than `start`, in order. Do not change the set while you iterate. */
  *from(start: K): Generator<T> {
    for (let index = Math.max(0, this.#chunkOf(start)); index < this.#chunks.length; index += 1) {
      const chunk = this.#chunks[index] ?? [];
      for (let at = this.#lowerBound(chunk, start); at < chunk.length; at += 1) {
        const item = chunk[at];
        if (item !== undefined) yield item;
      }
    }
  }

  /** How many items have lower keys. Takes time in proportion to the number of chunks. */
  countBelow(key: K): number {
    const chunkIndex = this.#chunkOf(key);
    let count = 0;
    for (let index = 0; index < chunkIndex; index += 1) count += this.#chunks[index]?.length ?? 0;
    return count + this.#lowerBound(this.#chunks[chunkIndex] ?? [], key);
  }

  /** The index of the last chunk whose first key is not greater than `key`, or -1 if every chunk begins after it. */
  #chunkOf(key: K): number {
    let low = 0;
    let high = this.#chunks.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const first = this.#chunks[middle]?.[0];
      if (first !== undefined && this.#keyOf(first) <= key) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  #lowerBound(chunk: readonly T[], key: K): number {
    let low = 0;
    let high = chunk.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const item = chunk[middle];
      if (item !== undefined && this.#keyOf(item) < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
