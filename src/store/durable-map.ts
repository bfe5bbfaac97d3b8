import type { RowChanges } from '../journal/row-changes.js';

/** How to write a change to the map into rows. */
export interface WriteValue<V> {
  readonly put: (rows: RowChanges, value: V) => void;
  readonly remove: (rows: RowChanges, value: V) => void;
}

/**
 * Values that are kept in memory and in the database. `ahead` includes a change as soon as it is decided, `durable` as soon
 * as no crash can undo it. One call changes both the memory and the rows, so they cannot disagree.
 *
 * Use `ahead` to decide, so that concurrent changes do not conflict. Use `durable` to answer. If you answer from `ahead`,
 * wait for `LockStore.settled` first, and refuse through `LockStore.settleRefusal`.
 */
export class DurableMap<K, V> {
  readonly #ahead = new Map<K, V>();
  readonly #durable = new Map<K, V>();
  readonly #write: WriteValue<V>;

  constructor(write: WriteValue<V>) {
    this.#write = write;
  }

  get ahead(): ReadonlyMap<K, V> {
    return this.#ahead;
  }

  get durable(): ReadonlyMap<K, V> {
    return this.#durable;
  }

  /** Adds a value that is already in the database. */
  load(key: K, value: V): void {
    this.#ahead.set(key, value);
    this.#durable.set(key, value);
  }

  /** Sets a value. It becomes durable when you write these rows. */
  set(key: K, value: V, rows: RowChanges): void {
    this.#ahead.set(key, value);
    this.#write.put(rows, value);
    rows.onDurable(() => this.#durable.set(key, value));
  }

  /** Removes a value. The removal becomes durable when you write these rows. Does nothing if there is no such value. */
  delete(key: K, rows: RowChanges): void {
    const value = this.#ahead.get(key);
    if (value === undefined) return;
    this.#ahead.delete(key);
    this.#write.remove(rows, value);
    rows.onDurable(() => this.#durable.delete(key));
  }
}
