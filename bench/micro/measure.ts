import { median } from '../peers/comparison.js';
import { nowMs } from '../../test/support/real-time.js';

const ROUNDS = 7;
const ROUND_MS = 150;

/** Nanoseconds for which `run` takes on average for one of `perRun` operations: the median of several rounds, once it is warm. */
export function nanosecondsOf(run: () => void, perRun = 1): number {
  round(run);
  return median(Array.from({ length: ROUNDS }, () => round(run))) / perRun;
}

/** The same for something that takes time of its own, such as the disk. */
export async function nanosecondsOfAsync(run: () => Promise<void>, perRun = 1): Promise<number> {
  await roundAsync(run);
  const rounds: number[] = [];
  for (let count = 0; count < ROUNDS; count += 1) rounds.push(await roundAsync(run));
  return median(rounds) / perRun;
}

function round(run: () => void): number {
  const startMs = nowMs();
  let runs = 0;
  do {
    run();
    runs += 1;
  } while (nowMs() - startMs < ROUND_MS);
  return ((nowMs() - startMs) * 1e6) / runs;
}

async function roundAsync(run: () => Promise<void>): Promise<number> {
  const startMs = nowMs();
  let runs = 0;
  do {
    await run();
    runs += 1;
  } while (nowMs() - startMs < ROUND_MS);
  return ((nowMs() - startMs) * 1e6) / runs;
}
