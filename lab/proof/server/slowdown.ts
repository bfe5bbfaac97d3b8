import { existsSync, readFileSync } from 'node:fs';

interface Times {
  readonly ranNs: number;
  readonly waitedNs: number;
}

/**
 * How many times longer the work of a process takes than on a machine of its own: it counts the time for which the process
 * was ready to go on but others had the processors. Tells a slow server from a busy machine; needs Linux, elsewhere it is 1.
 */
export class Slowdown {
  readonly #file: string;
  #last: Times;

  /** @param processId of a process whose first thread does the work. */
  constructor(processId: number) {
    this.#file = `/proc/${processId}/task/${processId}/schedstat`;
    this.#last = this.#read();
  }

  /** The factor since this was last asked; at least 1. */
  take(): number {
    const { ranNs, waitedNs } = this.#last;
    this.#last = this.#read();
    const ran = this.#last.ranNs - ranNs;
    return ran <= 0 ? 1 : (ran + this.#last.waitedNs - waitedNs) / ran;
  }

  #read(): Times {
    const [ranNs = 0, waitedNs = 0] = existsSync(this.#file)
      ? readFileSync(this.#file, 'utf8').split(' ').map(Number)
      : [];
    return { ranNs, waitedNs };
  }
}
