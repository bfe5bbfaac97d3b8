import { standardOutput } from '../../logging/output/standard-output.js';

/** How long the reader of the log may take for the last lines, in milliseconds. */
const LAST_LINES_MS = 500;

/** Exits once the last log lines have been read, or their reader has had time to do so. */
export function exitAfterLog(exitCode: number): void {
  const exit = (): never => process.exit(exitCode);
  standardOutput.flush(LAST_LINES_MS).then(exit, exit);
}
