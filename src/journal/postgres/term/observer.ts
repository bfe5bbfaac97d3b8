import type { Persistence } from '../connection/persistence.js';
import type { Settler } from './settler.js';

interface ObserverParts {
  readonly settler: Settler;
  readonly persistence: Persistence;
  readonly everyMs: number;
}

/** Looks at the server row again and again, without a wish to lead. */
export class Observer {
  readonly #parts: ObserverParts;
  #stopping: AbortController | null = null;

  constructor(parts: ObserverParts) {
    this.#parts = parts;
  }

  start(): void {
    if (this.#stopping !== null) return;
    this.#stopping = new AbortController();
    void this.#observe(this.#parts.persistence.unless(this.#stopping.signal)).catch(() => undefined);
  }

  stop(): void {
    this.#stopping?.abort();
    this.#stopping = null;
  }

  /** Ends only by rejecting: when it is stopped, when the journal is closed, or if the row cannot be read at all. */
  async #observe(persistence: Persistence): Promise<never> {
    for (;;) {
      await this.#parts.settler.read(persistence);
      await persistence.pause(this.#parts.everyMs);
    }
  }
}
