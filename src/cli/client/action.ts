import { EXIT } from '../shared/exit-codes.js';
import { serverUrls } from './connection/connection.js';
import { useProxies } from './connection/proxies.js';
import { explain, rootOf } from './failure.js';
import { failureSentence } from './failure-sentence.js';
import { Output, printable } from '../shared/output.js';
import { exitWithin } from '../../process/time.js';

/**
 * How long unfinished requests may take before the process exits, in milliseconds. One may be the release of a lock that
 * arrived too late.
 */
const LAST_REQUESTS_MS = 2000;

/**
 * Runs a command and sets the exit code of the process. With `json`, it also writes a failure as JSON to standard output.
 * @param run Returns the exit code, or nothing for 0.
 */
export async function runClient(
  options: { readonly json?: boolean; readonly url?: string },
  run: (output: Output) => Promise<number | void> | number | void,
): Promise<void> {
  const output = new Output(options);
  try {
    await useProxies();
    process.exitCode = (await run(output)) ?? EXIT.ok;
  } catch (thrown) {
    const error = rootOf(thrown);
    const explanation = explain(error);
    printError(failureSentence(explanation, error, () => serverUrls(options)));
    output.error(explanation);
    process.exitCode = explanation.exitCode;
  }
  exitWithin(LAST_REQUESTS_MS);
}

/** Prints a sentence on standard error. */
export function printError(sentence: string): void {
  process.stderr.write(`octostore: ${printable(sentence)}\n`);
}
