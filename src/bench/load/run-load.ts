import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { startOwnProcess } from '../../program/own-processes.js';
import type { LoadMessage, LoadResult, LoadTask, Second } from './load.js';

/** Starts a process that generates load. It gets its task as its last argument. */
export type StartGenerator = (task: string) => ChildProcess;

/** The generator with OctoStore's own workloads. */
const startGenerator: StartGenerator = (task) => startOwnProcess('__load-generator', { args: [task] });

/** Called during a run. */
export interface LoadListener {
  readonly onMeasuring?: () => void;
  readonly onSecond?: (second: Second) => void;
  readonly onMeasured?: () => void;
}

/** Runs a load generator in its own process until it ends. Throws if it fails or is killed. */
export async function runLoad(
  task: LoadTask,
  listener: LoadListener = {},
  start: StartGenerator = startGenerator,
): Promise<LoadResult> {
  const child = start(JSON.stringify(task));
  const kill = (): boolean => child.kill('SIGKILL');
  process.once('exit', kill);
  let result: LoadResult | null = null;
  let failure = 'the load generator ended without a result';
  child.on('message', (message: LoadMessage) => {
    if (message.kind === 'measuring') listener.onMeasuring?.();
    else if (message.kind === 'second') listener.onSecond?.(message.second);
    else if (message.kind === 'measured') listener.onMeasured?.();
    else if (message.kind === 'result') result = message.result;
    else failure = message.message;
  });
  await once(child, 'exit');
  process.off('exit', kill);
  if (result === null) throw new Error(failure);
  return result;
}
