import { useEffect, useState } from 'preact/hooks';

/** A value that components can follow. */
export class Store<T> {
  #value: T;
  readonly #listeners = new Set<() => void>();

  constructor(value: T) {
    this.#value = value;
  }

  get value(): T {
    return this.#value;
  }

  set(value: T): void {
    if (Object.is(value, this.#value)) return;
    this.#value = value;
    for (const listener of this.#listeners) listener();
  }

  /** Calls `listener` after each change. Returns how to end that. */
  follow(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

/** The present value of a store. The component is rendered again when it changes. */
export function useStore<T>(store: Store<T>): T {
  const [, render] = useState(0);
  useEffect(() => {
    const followed = store.value;
    const end = store.follow(() => render((count) => count + 1));
    // The value may have changed between rendering and this effect.
    if (!Object.is(followed, store.value)) render((count) => count + 1);
    return end;
  }, [store]);
  return store.value;
}
