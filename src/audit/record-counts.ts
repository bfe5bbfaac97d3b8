import type { JsonObject } from '../journal/canonical-json.js';

/** How many records say that an act was done, or that it was refused. */
export interface RecordCount {
  readonly action: string;
  readonly outcome: string;
  readonly count: number;
}

/** Counts records by what was done, and whether it was refused. */
export class RecordCounts {
  readonly #counts = new Map<string, RecordCount>();

  add({ action, outcome }: JsonObject): void {
    if (typeof action !== 'string' || typeof outcome !== 'string') return;
    const key = `${action} ${outcome}`;
    const count = (this.#counts.get(key)?.count ?? 0) + 1;
    this.#counts.set(key, { action, outcome, count });
  }

  all(): Iterable<RecordCount> {
    return this.#counts.values();
  }
}
