import { LingeringMap } from './lingering-map.js';

/** A set of values for each key. Empty sets are not kept. */
export class SetsByKey<K, V> {
  readonly #sets = new LingeringMap<K, Set<V>>();

  add(key: K, value: V): void {
    const set = this.#sets.get(key);
    if (set === undefined) this.#sets.add(key, new Set([value]));
    else set.add(value);
  }

  delete(key: K, value: V): void {
    const set = this.#sets.get(key);
    if (set === undefined) return;
    set.delete(value);
    if (set.size === 0) this.#sets.delete(key);
  }

  of(key: K): ReadonlySet<V> | undefined {
    return this.#sets.get(key);
  }

  countOf(key: K): number {
    return this.#sets.get(key)?.size ?? 0;
  }
}
