/** Counts the pipelined requests that are held back, over all connections, and limits them. */
export class PipelineLimit {
  /** Requests that have been read and wait behind others on the same connection. */
  held = 0;
  readonly #max: number;

  constructor(max: number) {
    this.#max = max;
  }

  get isFull(): boolean {
    return this.held >= this.#max;
  }
}
