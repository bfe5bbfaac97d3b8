/** Says up to which sequence a reader of the event log is done; what comes after must be kept for it. */
export type EventReader = () => number;

/** Keeps the event log bounded: decides with each commit how much of its beginning goes. */
export class EventLogBounds {
  readonly #retention: number;
  readonly #readers: EventReader[] = [];
  /** Readers that have not come back since the last start, with how far they had come. */
  readonly #absent: Map<string, number>;
  #prunedThrough: number;

  /** @param cursors How far each reader had come when it last wrote that down, by its name. */
  constructor(retention: number, prunedThrough: number, cursors: Iterable<readonly [string, number]> = []) {
    this.#retention = retention;
    this.#absent = new Map(cursors);
    this.#prunedThrough = prunedThrough;
  }

  get prunedThrough(): number {
    return this.#prunedThrough;
  }

  /** @param name The name under which the reader writes its cursor down, if it does. */
  keepFor(reader: EventReader, name?: string): void {
    this.#readers.push(reader);
    if (name !== undefined) this.#absent.delete(name);
  }

  /** Moves the bound on, given the last sequence in the log, and returns it. */
  advance(lastSequence: number): number {
    const positions = [...this.#readers.map((reader) => reader()), ...this.#absent.values()];
    const needed = Math.min(lastSequence - this.#retention, ...positions);
    this.#prunedThrough = Math.max(this.#prunedThrough, needed);
    return this.#prunedThrough;
  }
}
