import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { LoadResult, LoadTask } from './load.js';

const GENERATOR = fileURLToPath(new URL('./load-generator.js', import.meta.url));

/** Runs a load generator in a separate process. Resolves with its result. */
export async function generateLoad(task: LoadTask): Promise<LoadResult> {
  const child = fork(GENERATOR, [JSON.stringify(task)]);
  const kill = (): boolean => child.kill('SIGKILL');
  process.once('exit', kill);
  const ended = once(child, 'exit').then(() => {
    throw new Error('the load generator exited without a result');
  });
  ended.catch(() => undefined);
  const [result] = await Promise.race([once(child, 'message'), ended]);
  await once(child, 'exit');
  process.off('exit', kill);
  return result as LoadResult;
}
