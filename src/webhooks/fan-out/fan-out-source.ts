import type { LoggedEvent } from '../../journal/logged-event.js';

/** Events kept in memory for the fan-out. If there are more, it reads them from the log. */
const TAIL_MAX = 2_000;

/** How many events are taken at a time. */
const BATCH = 200;

type ReadLog = (after: number, limit: number) => Promise<LoggedEvent[]>;

/** Reads the durable events in order: recent ones from memory, older ones from the log. */
export class FanOutSource {
  readonly #readLog: ReadLog;
  #tail: LoggedEvent[] = [];
  #lastSequence = 0;

  constructor(readLog: ReadLog) {
    this.#readLog = readLog;
  }

  /** The sequence of the last durable event that is known. */
  get lastSequence(): number {
    return this.#lastSequence;
  }

  /** Notes that the log has durable events up to this sequence. */
  knowAbout(sequence: number): void {
    this.#lastSequence = Math.max(this.#lastSequence, sequence);
  }

  push(events: readonly LoggedEvent[]): void {
    if (this.#tail.length + events.length > TAIL_MAX) this.#tail = [];
    else this.#tail.push(...events);
  }

  forget(): void {
    this.#tail = [];
  }

  /**
   * The next batch of events after a sequence. It skips no event, although sequences may have gaps. If it is empty, there was
   * no event up to the `lastSequence` at the time of the call.
   */
  async after(sequence: number): Promise<readonly LoggedEvent[]> {
    const known = this.#tail.findIndex((event) => event.sequence > sequence);
    this.#tail = known === -1 ? [] : this.#tail.slice(known);
    if (this.#tail[0]?.sequence === sequence + 1) return this.#tail.slice(0, BATCH);
    return this.#readLog(sequence, BATCH);
  }
}
