import { EXIT } from '../shared/exit-codes.js';
import { serverUrl } from './connection/connection.js';
import { explain, type Explanation } from './failure.js';
import { Output, printable } from '../shared/output.js';
import { exitWithin } from '../../process/time.js';

/** How long what is still under way may take, such as giving back a lock whose acquire was given up, in milliseconds. */
const LAST_WORDS_MS = 2000;

/**
 * Runs a command and leaves its exit code to the process. With `json` a failure is also told as JSON on standard output.
 * @param run returns the exit code, if it is not 0.
 */
export async function runClient(
  options: { readonly json?: boolean; readonly url?: string },
  run: (output: Output) => Promise<number | void> | number | void,
): Promise<void> {
  endQuietlyWithReader();
  const output = new Output(options);
  try {
    process.exitCode = (await run(output)) ?? EXIT.ok;
  } catch (error) {
    const explanation = explain(error);
    complain(sentenceOf(explanation, options));
    output.error(explanation);
    process.exitCode = explanation.exitCode;
  }
  exitWithin(LAST_WORDS_MS);
}

function sentenceOf({ message, type, requestId }: Explanation, options: { readonly url?: string }): string {
  if (type === 'network' || type === 'timeout') return `${serverUrl(options)} cannot be reached: ${message}.`;
  return requestId === undefined ? message : `${message} (request ${requestId})`;
}

/** A sentence on standard error. */
export function complain(sentence: string): void {
  process.stderr.write(`octostore: ${printable(sentence)}\n`);
}

/** When whoever reads the output has gone, such as `head`, there is nothing more to do. */
function endQuietlyWithReader(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(EXIT.ok);
    throw error;
  });
}
