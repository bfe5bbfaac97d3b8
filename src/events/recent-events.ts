import type { LoggedEvent } from '../journal/logged-event.js';

/** How many events are kept at least. At most, twice as many are kept. */
const EVENTS_KEPT = 5_000;

/** The newest events of the log, in memory. A stream that is only a little behind does not have to read the log. */
export class RecentEvents {
  #events: LoggedEvent[] = [];
  #start: number;
  readonly #resumableFrom: () => number;

  /**
   * @param lastSequence the sequence of the last event before the first one that will be pushed.
   * @param resumableFrom returns where the log begins. Events that have left the log are not served from here either.
   */
  constructor(lastSequence: number, resumableFrom: () => number) {
    this.#start = lastSequence;
    this.#resumableFrom = resumableFrom;
  }

  /** All events after this sequence are in memory. */
  get start(): number {
    return this.#start;
  }

  /** Call this in the order of the events. An event that is already here is ignored. */
  push(event: LoggedEvent): void {
    const last = this.#events.at(-1);
    if (last === undefined) this.#start = Math.min(this.#start, event.sequence - 1);
    else if (last.sequence >= event.sequence) return;
    this.#events.push(event);
    if (this.#events.length > 2 * EVENTS_KEPT) this.#forgetOldest();
  }

  /** Whether all events after `sequence` can be read from here. */
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
