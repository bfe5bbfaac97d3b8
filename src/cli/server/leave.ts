import { standardOutput } from '../../logging/output/standard-output.js';

/** How long the reader of the log may take for the last lines, in milliseconds. */
const LAST_LINES_MS = 500;

/** Ends the server's process, once its log has been read or its reader has had time for that. */
export function leave(exitCode: number): void {
  const exit = (): never => process.exit(exitCode);
  standardOutput.flush(LAST_LINES_MS).then(exit, exit);
}
