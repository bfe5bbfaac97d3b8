import { availableParallelism } from 'node:os';
import { runStep } from './run-step.mjs';

/** Runs steps, as many at once as there are processors, and calls `onDone` with each one that has ended. */
export async function runTogether(steps, onDone) {
  const waiting = [...steps];
  const worker = async () => {
    for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) onDone(await runStep(step));
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
}
