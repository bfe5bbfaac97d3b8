import { existsSync, readFileSync } from 'node:fs';

interface Times {
  readonly ranNs: number;
  readonly waitedNs: number;
}

/**
 * The factor by which other processes slow a process down. It counts the time in which the process was ready to run but had no
 * processor. This distinguishes a slow server from a busy machine. It needs Linux. Elsewhere, the factor is 1.
 */
export class Slowdown {
  readonly #file: string;
  #last: Times;

  /** @param processId a process whose main thread does the work. */
  constructor(processId: number) {
    this.#file = `/proc/${processId}/task/${processId}/schedstat`;
    this.#last = this.#read();
  }

  /** The factor since the last call, at least 1. */
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
