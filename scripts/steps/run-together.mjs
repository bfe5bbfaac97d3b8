import { availableParallelism } from 'node:os';
import { runStep } from './run-step.mjs';

/** Runs steps in parallel, one per processor, and calls `onDone` with each step that has finished. */
export async function runTogether(steps, onDone) {
  const waiting = [...steps];
  const worker = async () => {
    for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) onDone(await runStep(step));
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
}
