import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { LoadMessage, LoadResult, LoadTask, Second } from './load.js';

/** The generator with OctoStore's own workloads. */
const GENERATOR = new URL('./generator.js', import.meta.url);

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
  generator = GENERATOR,
): Promise<LoadResult> {
  const child = fork(fileURLToPath(generator), [JSON.stringify(task)]);
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
