/** Remembers what is open, without keeping it from being garbage-collected. */
export class OpenThings<T extends object> {
  readonly #references = new Set<WeakRef<T>>();
  readonly #collected = new FinalizationRegistry<WeakRef<T>>((reference) =>
    this.#references.delete(reference),
  );

  add<U extends T>(thing: U): U {
    const reference = new WeakRef<T>(thing);
    this.#references.add(reference);
    this.#collected.register(thing, reference);
    return thing;
  }

  /** Calls a function for each of them, and waits for all calls. */
  async forEach(close: (thing: T) => Promise<void>): Promise<void> {
    const things = [...this.#references].flatMap((reference) => reference.deref() ?? []);
    await Promise.all(things.map(close));
  }
}
