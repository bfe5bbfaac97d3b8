import type { LoggedEvent } from '../journal/logged-event.js';

/** Events that are kept at least; twice as many at most. */
const EVENTS_KEPT = 5_000;

/** The end of the event log, in memory, so that a stream that misses little of it need not read the log. */
export class RecentEvents {
  #events: LoggedEvent[] = [];
  #start: number;
  readonly #resumableFrom: () => number;

  /**
   * @param lastSequence The last event that was logged before the first one that will be pushed.
   * @param resumableFrom Says from where the log is kept. What is no longer in the log counts as gone here as well.
   */
  constructor(lastSequence: number, resumableFrom: () => number) {
    this.#start = lastSequence;
    this.#resumableFrom = resumableFrom;
  }

  /** All events after this sequence are here. */
  get start(): number {
    return this.#start;
  }

  /** Events come in order; one that is there already is ignored. */
  push(event: LoggedEvent): void {
    const last = this.#events.at(-1);
    if (last === undefined) this.#start = Math.min(this.#start, event.sequence - 1);
    else if (last.sequence >= event.sequence) return;
    this.#events.push(event);
    if (this.#events.length > 2 * EVENTS_KEPT) this.#forgetOldest();
  }

  /** Whether all events after `sequence` are here. */
  covers(sequence: number): boolean {
    return sequence >= this.#start && sequence >= this.#resumableFrom();
  }

  /** The events after `sequence`, in order, at most `limit`. */
  after(sequence: number, limit: number): readonly LoggedEvent[] {
    const from = this.#indexAfter(sequence);
    return this.#events.slice(from, from + limit);
  }

  #forgetOldest(): void {
    const kept = this.#events.slice(-EVENTS_KEPT);
    this.#start = this.#events.at(-EVENTS_KEPT - 1)?.sequence ?? this.#start;
    this.#events = kept;
  }

  #indexAfter(sequence: number): number {
    let low = 0;
    let high = this.#events.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#events[middle]?.sequence ?? Infinity) <= sequence) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
