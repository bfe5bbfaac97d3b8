import type { RowChanges } from '../journal/row-changes.js';

/** How a change of the map is written. */
export interface WriteValue<V> {
  readonly put: (rows: RowChanges, value: V) => void;
  readonly remove: (rows: RowChanges, value: V) => void;
}

/**
 * Values in memory that stand in the database, too. A change is in `ahead` from the moment it is decided, and in `durable` as soon as
 * no crash can undo it. Memory and rows change by one call, so that they cannot disagree.
 *
 * Decide by `ahead`, so that two changes at the same time agree, and answer from `durable`. What you tell anybody by `ahead` has to
 * wait for `LockStore.settled`; a refusal does with `LockStore.settleRefusal`.
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

  /** Takes in what is in the database. */
  load(key: K, value: V): void {
    this.#ahead.set(key, value);
    this.#durable.set(key, value);
  }

  /** Decides on a value, which becomes durable with these rows. */
  set(key: K, value: V, rows: RowChanges): void {
    this.#ahead.set(key, value);
    this.#write.put(rows, value);
    rows.onDurable(() => this.#durable.set(key, value));
  }

  /** Decides that a value goes. Does nothing if there is none. */
  delete(key: K, rows: RowChanges): void {
    const value = this.#ahead.get(key);
    if (value === undefined) return;
    this.#ahead.delete(key);
    this.#write.remove(rows, value);
    rows.onDurable(() => this.#durable.delete(key));
  }
}
