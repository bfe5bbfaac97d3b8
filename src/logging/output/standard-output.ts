import { SystemClock } from '../../clock/system-clock.js';
import { openDescriptor } from './descriptor.js';
import { LogOutput } from './log-output.js';

const LENGTH_MAX_BY_DEFAULT = 1024 * 1024;

/** Standard output of this process, for everything that the server writes there. */
export const standardOutput = new LogOutput(
  () => openDescriptor(1),
  new SystemClock(),
  LENGTH_MAX_BY_DEFAULT,
);

const ignore = (): void => undefined;

/** Keeps the process alive and its log as complete as possible when the readers of its output exit. */
export function surviveLossOfOutput(): void {
  // Node or a library may write to the streams directly. Accessing them also makes their pipes non-blocking.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', ignore);
  process.once('exit', () => standardOutput.flushAtExit());
}
