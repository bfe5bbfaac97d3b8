/** How many pipelined requests all connections together may hold back. */
export class PipelineRoom {
  /** Requests that have been read and wait behind others of their connections. */
  held = 0;
  readonly #max: number;

  constructor(max: number) {
    this.#max = max;
  }

  get isFull(): boolean {
    return this.held >= this.#max;
  }
}
