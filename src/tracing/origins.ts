import type { TraceContext } from './trace-context.js';

/** How many events are remembered. Webhooks that are further behind do not learn what has caused theirs. */
const ORIGINS_MAX = 10_000;

/** What has caused the last events, for as long as this process runs. */
export class Origins {
  readonly #contexts = new Map<number, TraceContext>();

  add(events: readonly { readonly sequence: number }[], context: TraceContext): void {
    for (const { sequence } of events) this.#contexts.set(sequence, context);
    if (this.#contexts.size > ORIGINS_MAX) this.#forgetOldest();
  }

  /** Null if the event has no known cause. */
  of(sequence: number | null): TraceContext | null {
    return sequence === null ? null : (this.#contexts.get(sequence) ?? null);
  }

  #forgetOldest(): void {
    for (const sequence of this.#contexts.keys()) {
      if (this.#contexts.size <= ORIGINS_MAX) return;
      this.#contexts.delete(sequence);
    }
  }
}

/** Ends what no client has asked for, so it belongs to none of the requests that were being served then. */
export const NO_ONE_ASKED: ReadonlySet<string> = new Set(['sweep']);
