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
  const { value } = store;
  useEffect(() => {
    const changed = (): void => render((count) => count + 1);
    // Effects run after the page was painted. The value may have changed since it was rendered.
    if (!Object.is(value, store.value)) changed();
    return store.follow(changed);
  }, [store]);
  return value;
}
