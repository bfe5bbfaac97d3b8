import { SortedChunks } from './sorted-chunks.js';

/** A set of names in ascending order of code units. A scan takes time in proportion to what it returns. */
export class SortedNames<N extends string> extends SortedChunks<N, N> {
  constructor() {
    super((name) => name);
  }

  /** The names that begin with `prefix` and are not lower than `start`, in order. Do not change the set while you iterate. */
  *scan(prefix: string, start: string): Generator<N> {
    for (const name of this.from((start > prefix ? start : prefix) as N)) {
      if (!name.startsWith(prefix)) return;
      yield name;
    }
  }
}
