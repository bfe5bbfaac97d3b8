/** Returns the sequence up to which a reader has finished reading. Later events must be kept for it. */
export type EventReader = () => number;

/** Limits the size of the event log. Decides at each commit how many of the oldest events are deleted. */
export class EventLogBounds {
  readonly #retention: number;
  readonly #readers: EventReader[] = [];
  /** The positions of readers that have not registered since the last start, by name. */
  readonly #unregistered: Map<string, number>;
  #prunedThrough: number;

  /** @param cursors the last saved position of each reader, by its name. */
  constructor(retention: number, prunedThrough: number, cursors: Iterable<readonly [string, number]> = []) {
    this.#retention = retention;
    this.#unregistered = new Map(cursors);
    this.#prunedThrough = prunedThrough;
  }

  get prunedThrough(): number {
    return this.#prunedThrough;
  }

  /** @param name the name under which the reader saves its position, if it saves one. */
  keepFor(reader: EventReader, name?: string): void {
    this.#readers.push(reader);
    if (name !== undefined) this.#unregistered.delete(name);
  }

  /** Advances the bound, given the last sequence in the log, and returns it. */
  advance(lastSequence: number): number {
    const positions = [...this.#readers.map((reader) => reader()), ...this.#unregistered.values()];
    const needed = Math.min(lastSequence - this.#retention, ...positions);
    this.#prunedThrough = Math.max(this.#prunedThrough, needed);
    return this.#prunedThrough;
  }
}
