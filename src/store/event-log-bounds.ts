/** Says up to which sequence a reader of the event log is done; what comes after must be kept for it. */
export type EventReader = () => number;

/** Events that one commit prunes at most, so that no commit is slow because of it. */
const PRUNE_BITE = 2_000;

/** Keeps the event log bounded: decides with each commit how much of its beginning goes. */
export class EventLogBounds {
  readonly #retention: number;
  readonly #readers: EventReader[] = [];
  #prunedThrough: number;

  constructor(retention: number, prunedThrough: number) {
    this.#retention = retention;
    this.#prunedThrough = prunedThrough;
  }

  get prunedThrough(): number {
    return this.#prunedThrough;
  }

  keepFor(reader: EventReader): void {
    this.#readers.push(reader);
  }

  /** Moves the bound on, given the last sequence in the log, and returns it. */
  advance(lastSequence: number): number {
    const needed = Math.min(lastSequence - this.#retention, ...this.#readers.map((reader) => reader()));
    const target = Math.min(needed, this.#prunedThrough + PRUNE_BITE);
    this.#prunedThrough = Math.max(this.#prunedThrough, target);
    return this.#prunedThrough;
  }
}
