import type { BuiltServer } from '../../kit/server/built-server.js';

const SAMPLE_EVERY_MS = 100;

/** Watches how much memory a server has. */
export class PeakMemory {
  readonly #timer: NodeJS.Timeout;
  #peak = 0;

  constructor(server: BuiltServer) {
    this.#timer = setInterval(() => {
      this.#peak = Math.max(this.#peak, server.residentBytes);
    }, SAMPLE_EVERY_MS);
  }

  /** Returns the most that was seen, in bytes. */
  stop(): number {
    clearInterval(this.#timer);
    return this.#peak;
  }
}
