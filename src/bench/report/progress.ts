import type { Second } from '../load/load.js';
import { formatCount, formatMs } from './table.js';

const CLEAR_LINE = '\r\u001B[2K';

/** Shows the progress of a run in one line, if the output is a terminal. */
export class ProgressLine {
  readonly #out: NodeJS.WriteStream;

  constructor(out: NodeJS.WriteStream = process.stderr) {
    this.#out = out;
  }

  show(workload: string, seconds: number, { second, count, failures, p50, p99 }: Second): void {
    if (!this.#out.isTTY) return;
    const failed = failures === 0 ? '' : `, ${formatCount(failures)} failed`;
    this.#out.write(
      `${CLEAR_LINE}${workload}  ${second + 1}/${seconds} s  ${formatCount(count)}/s  ` +
        `p50 ${formatMs(p50)} ms  p99 ${formatMs(p99)} ms${failed}`,
    );
  }

  clear(): void {
    if (this.#out.isTTY) this.#out.write(CLEAR_LINE);
  }
}
