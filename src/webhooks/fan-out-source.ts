import type { EventRow } from '../journal/rows/event-row.js';

/** Events that are held in memory for the fan-out at most. What does not fit is read from the log. */
const TAIL_MAX = 2_000;

/** Events that are taken at a time. */
const BITE = 200;

type ReadLog = (after: number, limit: number) => Promise<EventRow[]>;

/** The durable events in order: from memory if they have just been committed, otherwise from the log. */
export class FanOutSource {
  readonly #readLog: ReadLog;
  #tail: EventRow[] = [];
  #lastSequence = 0;

  constructor(readLog: ReadLog) {
    this.#readLog = readLog;
  }

  /** The last durable event that is known. */
  get lastSequence(): number {
    return this.#lastSequence;
  }

  /** There are durable events up to here, which can be read from the log. */
  knowAbout(sequence: number): void {
    this.#lastSequence = Math.max(this.#lastSequence, sequence);
  }

  push(events: readonly EventRow[]): void {
    if (this.#tail.length + events.length > TAIL_MAX) this.#tail = [];
    else this.#tail.push(...events);
  }

  forget(): void {
    this.#tail = [];
  }

  /**
   * The next events after a sequence, a bite at a time. They leave no event out, though sequences may have gaps. None means
   * that there was nothing up to the `lastSequence` at the time of the call.
   */
  async after(sequence: number): Promise<readonly EventRow[]> {
    const known = this.#tail.findIndex((event) => event.sequence > sequence);
    this.#tail = known === -1 ? [] : this.#tail.slice(known);
    if (this.#tail[0]?.sequence === sequence + 1) return this.#tail.slice(0, BITE);
    return this.#readLog(sequence, BITE);
  }
}
