/**
 * A map for keys that come and go often. V8 keeps a deleted key in its bucket until the whole map is rehashed, which takes a million
 * deletions if there are a million keys. Adding and deleting the same key over and over would make that bucket ever longer, and each
 * look-up slower. So a deleted key stays for a while without a value. Deletions are carried out together, and a key that has come
 * back by then was never deleted.
 */
export class LingeringMap<K, V> {
  readonly #values = new Map<K, V | undefined>();
  #deleted: K[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get(key: K): V | undefined {
    return this.#values.get(key);
  }

  /** Adds a key, which the map must not have. */
  add(key: K, value: V): void {
    this.#values.set(key, value);
    this.#size += 1;
  }

  /** Deletes a key, which the map must have. */
  delete(key: K): void {
    this.#values.set(key, undefined);
    this.#size -= 1;
    this.#deleted.push(key);
    // Few enough to take little memory, and so many that a key is rarely deleted, compared with the size of the map.
    if (this.#deleted.length > 64 + this.#size / 64) this.#carryOut();
  }

  #carryOut(): void {
    for (const key of this.#deleted) if (this.#values.get(key) === undefined) this.#values.delete(key);
    this.#deleted = [];
  }
}
