import type { BuiltServer } from '../../kit/server/built-server.js';

const SAMPLE_EVERY_MS = 100;

/** Tracks the peak memory of a server. */
export class PeakMemory {
  readonly #timer: NodeJS.Timeout;
  #peak = 0;

  constructor(server: BuiltServer) {
    this.#timer = setInterval(() => {
      this.#peak = Math.max(this.#peak, server.residentBytes);
    }, SAMPLE_EVERY_MS);
  }

  /** Returns the peak, in bytes. */
  stop(): number {
    clearInterval(this.#timer);
    return this.#peak;
  }
}
