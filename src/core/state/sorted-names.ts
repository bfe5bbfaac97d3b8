/** Names per chunk. A small chunk is cheap to shift. Larger chunks keep their number low, even for a million names. */
const CHUNK_MAX = 512;

/**
 * A set of names in ascending order of code units. Adding or removing a name shifts part of one small chunk. A scan takes
 * time in proportion to what it returns.
 */
export class SortedNames<N extends string> {
  /** No chunk is empty. */
  readonly #chunks: N[][] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(name: N): void {
    const chunkIndex = Math.max(0, this.#chunkOf(name));
    const chunk = this.#chunks[chunkIndex];
    if (chunk === undefined) {
      this.#chunks.push([name]);
      this.#size += 1;
      return;
    }
    const at = lowerBound(chunk, name);
    if (chunk[at] === name) return;
    chunk.splice(at, 0, name);
    this.#size += 1;
    if (chunk.length > CHUNK_MAX) this.#chunks.splice(chunkIndex + 1, 0, chunk.splice(CHUNK_MAX / 2));
  }

  delete(name: N): void {
    const chunkIndex = this.#chunkOf(name);
    const chunk = this.#chunks[chunkIndex];
    if (chunk === undefined) return;
    const at = lowerBound(chunk, name);
    if (chunk[at] !== name) return;
    chunk.splice(at, 1);
    this.#size -= 1;
    if (chunk.length === 0) this.#chunks.splice(chunkIndex, 1);
  }

  /** The names that begin with `prefix` and are greater than `after`, in order. Do not change the set while you iterate. */
  *scan(prefix: string, after: string | null): Generator<N> {
    const start = after !== null && after > prefix ? after : prefix;
    for (let index = Math.max(0, this.#chunkOf(start)); index < this.#chunks.length; index += 1) {
      const chunk = this.#chunks[index] ?? [];
      for (let at = lowerBound(chunk, start); at < chunk.length; at += 1) {
        const name = chunk[at];
        if (name === undefined || name === after) continue;
        if (!name.startsWith(prefix)) return;
        yield name;
      }
    }
  }

  /** The index of the last chunk whose first name is not greater than `name`, or -1 if every chunk begins after it. */
  #chunkOf(name: string): number {
    let low = 0;
    let high = this.#chunks.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#chunks[middle]?.[0] ?? '') <= name) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}

function lowerBound(names: readonly string[], name: string): number {
  let low = 0;
  let high = names.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((names[middle] ?? '') < name) low = middle + 1;
    else high = middle;
  }
  return low;
}
