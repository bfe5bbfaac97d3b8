import { median } from '../peers/comparison.js';
import { nowMs } from '../../../src/process/time.js';

const ROUNDS = 7;
const ROUND_MS = 150;

/**
 * The average processor time of `run`, in nanoseconds: the median of several rounds after a warm-up. It includes garbage
 * collection, but not other processes.
 */
export function nanosecondsOf(run: () => void): number {
  round(run);
  return median(Array.from({ length: ROUNDS }, () => round(run)));
}

/** The average elapsed time of one of `perRun` operations, in nanoseconds. For operations that wait, such as for the disk. */
export async function nanosecondsOfAsync(run: () => Promise<void>, perRun: number): Promise<number> {
  await roundAsync(run);
  const rounds: number[] = [];
  for (let count = 0; count < ROUNDS; count += 1) rounds.push(await roundAsync(run));
  return median(rounds) / perRun;
}

function round(run: () => void): number {
  const startMs = nowMs();
  const cpu = process.cpuUsage();
  let runs = 0;
  do {
    run();
    runs += 1;
  } while (nowMs() - startMs < ROUND_MS);
  const { user, system } = process.cpuUsage(cpu);
  return ((user + system) * 1000) / runs;
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
